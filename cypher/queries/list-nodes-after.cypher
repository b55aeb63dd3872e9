// The next nodes of a kind by id. The index on id gives both the beginning and the order.
MATCH (n:{{label}})
WHERE n.id > $after AND n.__held IS NULL
WITH n
ORDER BY n.id
LIMIT $limit
RETURN properties(n) AS properties
