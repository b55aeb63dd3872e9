// Removes nodes with all their relationships.
MATCH (n:{{label}})
WHERE n.id IN $ids
DETACH DELETE n
