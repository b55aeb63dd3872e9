// Relationships that end at the given nodes.
MATCH (b:{{label}})<-[r:{{type}}]-(a:{{otherLabel}})
WHERE b.id IN $ids
RETURN a.id AS from, b.id AS to, properties(r) AS properties
