// Of each value of an indexed property at most so many nodes, the first by id.
UNWIND $values AS value
CALL (value) {
  MATCH (n:{{label}})
  WHERE n.{{property}} = value
  RETURN n
  ORDER BY n.id
  LIMIT $limit
}
RETURN properties(n) AS properties
