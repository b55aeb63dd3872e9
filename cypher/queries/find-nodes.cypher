// Nodes by an indexed property, in order. Null sorts as the smallest value.
MATCH (n:{{label}})
WHERE n.{{property}} IN $values
WITH n
ORDER BY n.{{order}} IS NOT NULL {{direction}}, n.{{order}} {{direction}}, n.id
SKIP $skip LIMIT $limit
RETURN properties(n) AS properties
