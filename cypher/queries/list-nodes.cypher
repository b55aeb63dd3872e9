// All nodes of a kind, in order. Those that lack the property come last.
MATCH (n:{{label}})
WHERE n.__held IS NULL
WITH n
ORDER BY n.{{order}} IS NULL, n.{{order}} {{direction}}, n.id
SKIP $skip LIMIT $limit
RETURN properties(n) AS properties
