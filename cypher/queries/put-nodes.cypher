// Creates nodes or replaces all their properties.
UNWIND $rows AS row
MERGE (n:{{label}} {id: row.id})
SET n = row
