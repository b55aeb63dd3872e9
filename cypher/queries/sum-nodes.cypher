// Figures of each of some properties, for each combination of the values of others.
MATCH (n:{{label}})
WHERE n.__held IS NULL
UNWIND $properties AS property
RETURN
  property,
  [name IN $by | n[name]] AS values,
  count(*) AS nodes,
  count(n[property]) AS count,
  sum(coalesce(n[property], 0)) AS sum,
  max(n[property]) AS greatest
