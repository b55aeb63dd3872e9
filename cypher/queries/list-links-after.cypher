// The next links of a type by id. Links have an id; other relationships, also those of other programs, have none.
MATCH (a)-[r:{{type}}]->(b)
WHERE r.id > $after
WITH a, r, b
ORDER BY r.id
LIMIT $limit
RETURN a.id AS from, labels(a) AS fromLabels, b.id AS to, labels(b) AS toLabels, properties(r) AS properties
