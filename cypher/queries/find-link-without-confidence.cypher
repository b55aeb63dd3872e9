// Whether there is a link of one status that the index on (status, confidence) does not know.
MATCH (n:Link)
WHERE n.status = $status AND n.confidence IS NULL
RETURN n.id AS id
LIMIT 1
