// Labels whose name has any of the words of each search, best first.
UNWIND $searches AS search
CALL db.index.fulltext.queryNodes('label_words', search.words, {limit: search.limit}) YIELD node, score
RETURN search.index AS index, node.id AS id, score
ORDER BY index, score DESC, id
