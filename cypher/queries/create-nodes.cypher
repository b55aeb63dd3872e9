// Creates nodes that are known not to be there.
UNWIND $rows AS row
CREATE (n:{{label}})
SET n = row
