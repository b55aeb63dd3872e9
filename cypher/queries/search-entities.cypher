// Entities whose name or an alias has any of the words, best first.
CALL db.index.fulltext.queryNodes('entity_name', $words, {limit: $limit}) YIELD node, score
RETURN node.id AS id, score
ORDER BY score DESC, id
