// Creates entities or replaces all their properties; the type becomes a label. Gives those back that had another type.
UNWIND $rows AS row
MERGE (n:__Entity__ {id: row.id})
WITH n, row, n.type AS before
SET n = row
SET n:__KGBuilder__:$(row.type)
WITH before, row
WHERE before <> row.type
RETURN before, collect(row.id) AS ids
