// Ids of entities that bear a key of a name, for each key, no more than $limit.
UNWIND $keys AS key
CALL db.index.fulltext.queryNodes('name_keys', key, {limit: $limit}) YIELD node
RETURN key, collect(node.id) AS ids
