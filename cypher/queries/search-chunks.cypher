// Chunks whose text has any of the words, best first.
CALL db.index.fulltext.queryNodes('chunk_text', $words, {limit: $limit}) YIELD node, score
RETURN node.id AS id, score
ORDER BY score DESC, id
