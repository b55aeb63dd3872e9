// Nodes by an indexed property, in order. Those that lack the property come last.
MATCH (n:{{label}})
WHERE n.{{property}} IN $values
WITH n
ORDER BY n.{{order}} IS NULL, n.{{order}} {{direction}}, n.id
SKIP $skip LIMIT $limit
RETURN properties(n) AS properties
