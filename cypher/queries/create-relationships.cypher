// Creates relationships of the record that are known to be new. Gives back how many found both their ends.
UNWIND $rows AS row
MATCH (a:{{fromLabel}} {id: row.from})
MATCH (b:{{toLabel}} {id: row.to})
CREATE (a)-[r:{{type}}]->(b)
SET r = row.properties
RETURN count(*) AS count
