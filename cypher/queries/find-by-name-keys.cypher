// Ids of entities that bear a key of a name, for each key, no more than $limit; and those of keys that fewer bear, once
// each, as they are.
UNWIND $keys AS key
CALL db.index.fulltext.queryNodes('name_keys', key, {limit: $limit}) YIELD node
WITH key, collect(node.id) AS ids
WITH collect({key: key, ids: ids}) AS postings
CALL (postings) {
  UNWIND postings AS posting
  WITH posting.ids AS ids
  WHERE size(ids) < $limit
  UNWIND ids AS id
  WITH DISTINCT id
  MATCH (n:__Entity__ {id: id})
  RETURN collect({id: id, type: n.type, name: n.name, aliases: n.aliases}) AS things
}
RETURN postings, things
