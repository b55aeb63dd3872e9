// Removes links of the graph by id.
UNWIND $ids AS id
MATCH ()-[r:{{type}} {id: id}]->()
DELETE r
