// Some properties of nodes by id.
MATCH (n:{{label}})
WHERE n.id IN $ids AND n.__held IS NULL
RETURN n.id AS id, [name IN $names | n[name]] AS values
