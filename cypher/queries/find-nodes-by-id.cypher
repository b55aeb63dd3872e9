// Nodes by an indexed property, ordered by id.
MATCH (n:{{label}})
WHERE n.{{property}} IN $values
WITH n
ORDER BY n.id {{direction}}
SKIP $skip LIMIT $limit
RETURN properties(n) AS properties
