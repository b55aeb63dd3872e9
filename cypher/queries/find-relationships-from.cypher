// Relationships that start from the given nodes.
MATCH (a:{{label}})-[r:{{type}}]->(b:{{otherLabel}})
WHERE a.id IN $ids
RETURN a.id AS from, b.id AS to, properties(r) AS properties
