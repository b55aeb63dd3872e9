// Search by words. Retrievers of neo4j-graphrag take these names as their `fulltext_index_name`.
CREATE FULLTEXT INDEX chunk_text IF NOT EXISTS FOR (n:Chunk) ON EACH [n.text];
CREATE FULLTEXT INDEX chunk_summary IF NOT EXISTS FOR (n:Chunk) ON EACH [n.summary];
CREATE FULLTEXT INDEX label_words IF NOT EXISTS FOR (n:Label) ON EACH [n.name];
CREATE FULLTEXT INDEX entity_name IF NOT EXISTS FOR (n:__Entity__) ON EACH [n.name, n.aliases];
