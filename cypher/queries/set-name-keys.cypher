// Keeps the keys of entities that are there, instead of any others.
UNWIND $rows AS row
MATCH (:__Entity__ {id: row.id})
MERGE (n:__NameKeys__ {id: row.id})
SET n.keys = row.keys
