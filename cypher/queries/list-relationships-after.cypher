// The next relationships that start from nodes of a kind, ordered by node, then by type and other end. The index on id
// gives the nodes in order, so that only those of one node are sorted. What others have drawn to nodes of their own is
// no part of the graph.
MATCH (a:{{label}})
WHERE a.id >= $from
MATCH (a)-[r]->(b:{{otherLabel}})
WITH
  a, b, r,
  type(r) + ' ' + head([label IN labels(b) WHERE label IN $labels | replace(label, '__', '')]) + ' ' + b.id + ' '
    + coalesce(r.id, '') AS key
WHERE a.id > $from OR key > $key
WITH a, b, r, key
ORDER BY a.id, key
LIMIT $limit
RETURN a.id AS from, b.id AS to, type(r) AS type, labels(b) AS labels, properties(r) AS properties
