// Entities whose name or an alias has any of the words of each search, best first.
UNWIND $searches AS search
CALL db.index.fulltext.queryNodes('entity_name', search.words, {limit: search.limit}) YIELD node, score
RETURN search.index AS index, node.id AS id, score, node.name AS name
ORDER BY index, score DESC, id
