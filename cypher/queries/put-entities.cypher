// Creates entities of one type or replaces all their properties. Gives those back that had another type.
UNWIND $rows AS row
MERGE (n:__Entity__ {id: row.id})
WITH n, row, n.type AS before
SET n = row.properties, n:__KGBuilder__:{{label}}
WITH before, row.id AS id
WHERE before <> $type
RETURN before, collect(id) AS ids
