// The same, with some of their properties only.
MATCH (n:Link)
WHERE n.status = $status AND n.confidence IS NOT NULL
WITH n
ORDER BY n.status {{direction}}, n.confidence {{direction}}, n.id
SKIP $skip LIMIT $limit
RETURN n.id AS id, [name IN $names | n[name]] AS values
