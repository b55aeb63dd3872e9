// Replaces the properties of links of the graph that are there, of any of some types. Gives back which it found.
UNWIND $rows AS row
MATCH (a)-[r:{{type}} {id: row.id}]->(b)
WHERE a.id = row.from AND b.id = row.to
SET r = row.properties
RETURN row.id AS id
