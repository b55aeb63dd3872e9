// The next links of a type by id, those only that are written as ours are: others may keep graphs of their own beside.
// The ends are looked at last, so that the index on id gives both the beginning and the order.
MATCH ()-[r:{{type}}]->()
USING INDEX SEEK r:{{type}}(id)
WHERE r.id > $after AND r.status IS NOT NULL
WITH r, startNode(r) AS a, endNode(r) AS b
WHERE
  (a:__Entity__ OR a:Column OR a:Link OR a:Document)
  AND (b:__Entity__ OR b:Column OR b:Link OR b:Label)
WITH a, r, b
ORDER BY r.id
LIMIT $limit
RETURN a.id AS from, labels(a) AS fromLabels, b.id AS to, labels(b) AS toLabels, properties(r) AS properties
