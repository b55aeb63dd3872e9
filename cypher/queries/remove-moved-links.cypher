// Removes links from where they stood before they were put elsewhere.
UNWIND $rows AS row
MATCH (a)-[r:{{types}} {id: row.id}]->(b)
WHERE type(r) <> row.type OR a.id <> row.from OR b.id <> row.to
DELETE r
