// How many entities bear a key of a name, for each key, counted no further than $limit.
UNWIND $keys AS key
CALL db.index.fulltext.queryNodes('name_keys', key, {limit: $limit}) YIELD score
RETURN key, count(score) AS count
