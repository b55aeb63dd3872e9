// Links of the graph by id. One type at a time, because an index belongs to one type.
UNWIND $ids AS id
MATCH (a:{{label}})-[r:{{type}} {id: id}]->(b:{{otherLabel}})
RETURN a.id AS from, b.id AS to, properties(r) AS properties
