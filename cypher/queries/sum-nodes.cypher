// Sums of one property at a time, for each value of another.
UNWIND $properties AS property
MATCH (n:{{label}})
WHERE n.__held IS NULL
RETURN property, n[$by] AS by, count(*) AS count, sum(coalesce(n[property], 0)) AS sum
