// Replaces the properties of links of the graph that are there; $rows has them by type. Gives back which it found. One
// type at a time, because an index belongs to one type; the texts of several types are joined by UNION ALL.
UNWIND $rows.{{type}} AS row
MATCH (a)-[r:{{type}} {id: row.id}]->(b)
WHERE a.id = row.from AND b.id = row.to
SET r = row.properties
RETURN row.id AS id
