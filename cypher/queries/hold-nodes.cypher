// Takes the write lock of each node, in the order of $ids, and keeps it to the end of the transaction: Neo4j reads
// what is committed, so reading alone would not make two transactions wait for each other. A node that is not there
// is made, and bears __held until it is put or released. Gives back the nodes as they are once all are held: one that
// was matched may have been removed while its lock was waited for. Without $names, all their properties.
UNWIND $ids AS id
MERGE (n:{{label}} {id: id})
ON CREATE SET n.__held = true
ON MATCH SET n.__lock = true
REMOVE n.__lock
WITH count(*) AS held
MATCH (n:{{label}})
WHERE n.id IN $ids
RETURN
  n.id AS id,
  n.__held IS NOT NULL AS isMade,
  CASE WHEN $names IS NULL THEN properties(n) END AS properties,
  [name IN $names | n[name]] AS values
