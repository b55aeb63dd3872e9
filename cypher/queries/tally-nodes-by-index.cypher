// How many nodes there are for each value of an indexed property.
MATCH (n:{{label}})
WHERE n.{{property}} IS NOT NULL
RETURN n.{{property}} AS value, count(*) AS count
