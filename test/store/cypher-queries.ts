/** Read-only Cypher over a whygraph graph whose answers are equal on every database, rows and order included. */
export interface SharedQuery {
  readonly name: string
  readonly text: string
  readonly parameters?: Readonly<Record<string, unknown>>
}

/**
 * What they keep to, so that databases agree: every column has an alias, every parameter is given, rows are ordered by
 * something unique, no variable is named anew in RETURN, and nothing is used that Grafeo 0.6 does not know: label
 * expressions (`:A|B`; `n:A OR n:B` works), quantified paths and `SHORTEST` (`*1..3` and `shortestPath` work),
 * components of times (`.year`), a slice of an aggregate (after `WITH` it works), `point`, `SHOW PROCEDURES`. And
 * `toString(1.0)` is `1` there; `labels(n)` are sorted there only.
 */
export const SHARED_QUERIES: readonly SharedQuery[] = [
  {
    name: 'nodes by label',
    // Neo4j has the index of names in nodes; the local store has it in a table.
    text: "MATCH (n) UNWIND labels(n) AS label WITH label WHERE label <> '__NameKeys__' RETURN label, count(*) AS nodes ORDER BY label",
  },
  {
    name: 'relationships by type',
    text: 'MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS relationships ORDER BY type',
  },
  {
    name: 'entities of a type, by name',
    text: 'MATCH (p:Person) RETURN p.id AS id, p.name AS name, p.aliases AS aliases ORDER BY name, id',
  },
  {
    name: 'all labels of an entity',
    text: 'MATCH (e:__Entity__) UNWIND labels(e) AS label RETURN e.id AS id, label ORDER BY id, label',
  },
  {
    name: 'the most confident links',
    text: `MATCH (a:__Entity__)-[r]->(b:__Entity__) WHERE r.confidence >= $least
      RETURN a.name AS subject, type(r) AS type, b.name AS object, r.confidence AS confidence
      ORDER BY confidence DESC, subject, type, object LIMIT 10`,
    parameters: { least: 0.5 },
  },
  {
    name: 'halves of confidence: it is a float even where it is 1',
    text: `MATCH (:__Entity__)-[r]->(:__Entity__)
      RETURN r.id AS id, r.confidence / 2 AS half, r.supports / 2 AS pairs ORDER BY id`,
  },
  {
    name: 'why a link is there',
    text: `MATCH (:__Entity__)-[r]->(:__Entity__) UNWIND range(0, size(coalesce(r.reasoning, [])) - 1) AS i
      RETURN r.id AS id, i AS number, r.reasoning[i] AS reasoning, r.evidence[i] AS evidence ORDER BY id, number`,
  },
  {
    name: 'links by status and dispute',
    text: `MATCH (:__Entity__)-[r]->(:__Entity__) WHERE r.status IS NOT NULL
      RETURN r.status AS status, r.disputed AS disputed, count(*) AS links, min(r.confidence) AS least, max(r.confidence) AS most
      ORDER BY status, disputed`,
  },
  {
    name: 'from an entity to its documents',
    text: `MATCH (e:__Entity__)-[:FROM_CHUNK]->(c:Chunk)-[:FROM_DOCUMENT]->(d:Document)
      RETURN e.id AS entity, d.path AS path, count(DISTINCT c) AS chunks ORDER BY entity, path`,
  },
  {
    name: 'chunks in order',
    text: `MATCH (c:Chunk)-[:FROM_DOCUMENT]->(d:Document {path: $path})
      OPTIONAL MATCH (c)-[:NEXT_CHUNK]->(next:Chunk)
      RETURN c.index AS number, c.text AS text, next.index AS following ORDER BY number`,
    parameters: { path: 'letters/1843.txt' },
  },
  {
    name: 'two steps from a name',
    text: `MATCH (a:__Entity__ {name: $name})-[*1..2]->(b:__Entity__) WHERE b.id <> a.id
      RETURN DISTINCT b.name AS name ORDER BY name`,
    parameters: { name: 'Ada Lovelace' },
  },
  {
    name: 'neighbours in either direction',
    text: `MATCH (a:__Entity__ {name: $name})--(b:__Entity__) RETURN DISTINCT b.name AS name ORDER BY name`,
    parameters: { name: 'Charles Babbage' },
  },
  {
    name: 'entities without a link',
    text: `MATCH (e:__Entity__) WHERE NOT (e)--(:__Entity__) RETURN e.name AS name ORDER BY name`,
  },
  {
    name: 'those who know and build',
    text: `MATCH (p:Person)-[:KNOWS]->(q:Person) MATCH (p)-[:BUILT|DESIGNED]->(m:Machine)
      WITH p, collect(DISTINCT q.name) AS known, count(DISTINCT m) AS machines
      RETURN p.name AS name, size(known) AS known, machines ORDER BY name`,
  },
  {
    name: 'words in text',
    text: `MATCH (c:Chunk) WHERE toLower(c.text) CONTAINS $word
      RETURN c.id AS id, substring(c.text, 0, 12) AS beginning ORDER BY id`,
    parameters: { word: 'engine' },
  },
  {
    name: 'a whole node and a whole relationship',
    text: `MATCH (a:__Entity__ {id: $id})-[r:KNOWS]->(b) RETURN a AS subject, r AS link, b AS object ORDER BY b.id`,
    parameters: { id: 'ada' },
  },
  {
    name: 'a whole path',
    text: `MATCH p = (a:__Entity__ {id: $id})-[:KNOWS]->(:Person)-[:BUILT]->(:Machine) RETURN p AS path, length(p) AS steps`,
    parameters: { id: 'ada' },
  },
  {
    name: 'when something was',
    text: `MATCH (a)-[r {when: $when}]->(b) WHERE r.when IS NOT NULL
      RETURN r.id AS id, r.when AS date, CASE WHEN r.when = $when THEN 'dated' ELSE 'other' END AS what ORDER BY id`,
    parameters: { when: '1833' },
  },
  {
    name: 'cases, lists and maps',
    text: `UNWIND $rows AS row
      RETURN row.name AS name, CASE WHEN row.value > 1 THEN 'many' ELSE 'few' END AS amount,
        [x IN row.list WHERE x > 1 | x * 2] AS doubled, {value: row.value} AS map, coalesce(row.absent, 'none') AS absent
      ORDER BY name`,
    parameters: {
      rows: [
        { name: 'a', value: 1, list: [1, 2, 3] },
        { name: 'b', value: 2.5, list: [] },
      ],
    },
  },
]
