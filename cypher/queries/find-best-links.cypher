// The surest links of one status. Naming the status in ORDER BY lets the index on (status, confidence) give the order:
// the next 20 of 100,000 then cost 20 rows.
MATCH (n:Link)
WHERE n.status = $status AND n.confidence IS NOT NULL
WITH n
ORDER BY n.status DESC, n.confidence DESC, n.id
SKIP $skip LIMIT $limit
RETURN properties(n) AS properties
