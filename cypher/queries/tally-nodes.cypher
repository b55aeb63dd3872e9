// How many nodes there are for each combination of values.
MATCH (n:{{label}})
WHERE n.__held IS NULL
RETURN [property IN $properties | n[property]] AS values, count(*) AS count
