// The index of names: each node has the id of an entity and, with spaces between, the keys of its names.
CREATE CONSTRAINT name_keys_id IF NOT EXISTS FOR (n:__NameKeys__) REQUIRE n.id IS UNIQUE;
CREATE FULLTEXT INDEX name_keys IF NOT EXISTS FOR (n:__NameKeys__) ON EACH [n.keys] OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
