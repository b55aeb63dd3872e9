// All nodes of a kind, in order. Null sorts as the smallest value.
MATCH (n:{{label}})
WHERE n.__held IS NULL
WITH n
ORDER BY n.{{order}} IS NOT NULL {{direction}}, n.{{order}} {{direction}}, n.id
SKIP $skip LIMIT $limit
RETURN properties(n) AS properties
