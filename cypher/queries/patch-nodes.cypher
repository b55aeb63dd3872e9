// Sets some properties; those that are null are removed.
UNWIND $rows AS row
MATCH (n:{{label}} {id: row.id})
WHERE n.__held IS NULL
SET n += row.properties
