// Takes the write lock of each node, in the order of $ids, and keeps it to the end of the transaction: Neo4j reads
// what is committed, so reading alone would not make two transactions wait for each other. A node that is not there
// is made, and bears __held until it is put or released.
UNWIND $ids AS id
MERGE (n:{{label}} {id: id})
ON CREATE SET n.__held = true
ON MATCH SET n.__lock = true
REMOVE n.__lock
WITH n
WHERE n.__held
RETURN collect(n.id) AS made
