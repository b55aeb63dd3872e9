// Neo4j has relationship indexes for one type at a time.
CREATE INDEX IF NOT EXISTS FOR ()-[r:{{type}}]-() ON (r.id)
