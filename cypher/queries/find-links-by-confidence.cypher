// Links of one status, the surest or the least sure first. Naming the status in ORDER BY lets the index on (status,
// confidence) give the order: the next 20 of 100,000 then cost 20 rows, and those that are as sure as these.
MATCH (n:Link)
WHERE n.status = $status AND n.confidence IS NOT NULL
WITH n
ORDER BY n.status {{direction}}, n.confidence {{direction}}, n.id
SKIP $skip LIMIT $limit
RETURN properties(n) AS properties
