// Removes what was only made to be held.
MATCH (n:{{label}})
WHERE n.id IN $ids AND n.__held
DETACH DELETE n
