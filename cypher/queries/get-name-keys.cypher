// The keys that are kept of entities.
MATCH (n:__NameKeys__)
WHERE n.id IN $ids
RETURN n.id AS id, n.keys AS keys
