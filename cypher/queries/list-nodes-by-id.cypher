// All nodes of a kind by id. The predicate on id lets its index give the order.
MATCH (n:{{label}})
WHERE n.id IS NOT NULL AND n.__held IS NULL
WITH n
ORDER BY n.id {{direction}}
SKIP $skip LIMIT $limit
RETURN properties(n) AS properties
