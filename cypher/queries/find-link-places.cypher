// Where links of the graph stand now.
MATCH (a)-[r:{{types}}]->(b)
WHERE r.id IN $ids
RETURN r.id AS id, type(r) AS type, a.id AS from, b.id AS to
