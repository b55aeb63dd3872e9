// The next keys that are kept of entities, by their ids, and whether the entity is not there.
MATCH (n:__NameKeys__)
WHERE n.id > $after
WITH n ORDER BY n.id LIMIT $limit
RETURN n.id AS id, NOT EXISTS { MATCH (:__Entity__ {id: n.id}) } AS isStray
ORDER BY id
