// Nodes of any kind whose id starts so. One branch for each kind, because an index belongs to one label.
CALL () {
  MATCH (n:Document) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Document' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Chunk) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Chunk' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Dataset) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Dataset' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Column) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Column' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:__Entity__) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Entity' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Redirect) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Redirect' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Label) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Label' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Link) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Link' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Reply) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Reply' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Proposal) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Proposal' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Decision) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Decision' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Chain) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Chain' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Run) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Run' AS kind, n.id AS id LIMIT $limit
  UNION ALL
  MATCH (n:Schema) WHERE n.id STARTS WITH $prefix AND n.__held IS NULL
  RETURN 'Schema' AS kind, n.id AS id LIMIT $limit
}
RETURN kind, id
ORDER BY id, kind
LIMIT $limit
