// Creates links of the graph, of any type, that are known to be new. Types are checked before. Only CREATE bears a type
// that comes with the row: MERGE would look at every relationship there is for each of them.
UNWIND $rows AS row
MATCH (a:{{fromLabel}} {id: row.from})
MATCH (b:{{toLabel}} {id: row.to})
CREATE (a)-[r:$(row.type)]->(b)
SET r = row.properties
RETURN count(*) AS count
