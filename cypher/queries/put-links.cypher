// Creates links of the graph, known by id, or replaces their properties. Gives back how many found both their ends,
// and the ids of those that were made now, which may have stood elsewhere before.
UNWIND $rows AS row
MATCH (a:{{fromLabel}} {id: row.from})
MATCH (b:{{toLabel}} {id: row.to})
MERGE (a)-[r:{{type}} {id: row.id}]->(b)
ON CREATE SET r.__new = true
WITH r, row, r.__new AS isNew
SET r = row.properties
RETURN count(*) AS count, collect(CASE WHEN isNew THEN row.id END) AS made
