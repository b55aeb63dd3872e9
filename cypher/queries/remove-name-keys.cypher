// Removes the keys of entities.
MATCH (n:__NameKeys__)
WHERE n.id IN $ids
DELETE n
