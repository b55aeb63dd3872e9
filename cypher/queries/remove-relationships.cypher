// Removes relationships of the record by type and ends.
UNWIND $rows AS row
MATCH (a:{{fromLabel}} {id: row.from})-[r:{{type}}]->(b:{{toLabel}} {id: row.to})
DELETE r
