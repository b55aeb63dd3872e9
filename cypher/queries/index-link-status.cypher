CREATE INDEX IF NOT EXISTS FOR ()-[r:{{type}}]-() ON (r.status)
