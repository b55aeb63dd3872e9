// Creates relationships of the record, one for each type and pair of ends, or replaces their properties. Gives back
// how many found both their ends.
UNWIND $rows AS row
MATCH (a:{{fromLabel}} {id: row.from})
MATCH (b:{{toLabel}} {id: row.to})
MERGE (a)-[r:{{type}}]->(b)
SET r = row.properties
RETURN count(*) AS count
