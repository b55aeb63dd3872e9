// Nodes by id. A node that is only held by this transaction is not there.
MATCH (n:{{label}})
WHERE n.id IN $ids AND n.__held IS NULL
RETURN properties(n) AS properties
