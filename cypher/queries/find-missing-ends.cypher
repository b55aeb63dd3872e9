// The first ends that are not there, for an error that names them.
UNWIND $rows AS row
OPTIONAL MATCH (a:{{fromLabel}} {id: row.from})
OPTIONAL MATCH (b:{{toLabel}} {id: row.to})
WITH row, a, b
WHERE a IS NULL OR b IS NULL
RETURN CASE WHEN a IS NULL THEN row.from ELSE row.to END AS id
LIMIT 3
