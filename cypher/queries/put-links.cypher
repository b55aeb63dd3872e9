// Creates links of the graph, known by id, or replaces their properties. Gives back how many found both their ends.
UNWIND $rows AS row
MATCH (a:{{fromLabel}} {id: row.from})
MATCH (b:{{toLabel}} {id: row.to})
MERGE (a)-[r:{{type}} {id: row.id}]->(b)
SET r = row.properties
RETURN count(*) AS count
