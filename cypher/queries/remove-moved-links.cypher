// Removes links from where they stood before they were put elsewhere.
UNWIND $rows AS row
MATCH (a)-[r:{{type}} {id: row.id}]->(b)
WHERE a.id = row.from AND b.id = row.to
DELETE r
