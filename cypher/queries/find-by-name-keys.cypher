// How many entities bear a key of a name, for each key, counted no further than $limit; and where they are fewer, their ids:
// of those of a key that many bear nothing is read.
UNWIND $keys AS key
CALL db.index.fulltext.queryNodes('name_keys', key, {limit: $limit}) YIELD node
WITH key, collect(node) AS nodes
RETURN
  key,
  size(nodes) AS count,
  CASE WHEN size(nodes) < $limit THEN [id IN [node IN nodes | node.id] WHERE id IS NOT NULL] ELSE [] END AS ids
