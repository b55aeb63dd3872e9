import { describe, expect, it } from 'vitest'
import { findForbiddenClause, splitMode } from '../../src/store/read-only.ts'

describe('findForbiddenClause', () => {
  it.each([
    ['MATCH (n) RETURN n'],
    ["RETURN 'CREATE (n)' AS text"],
    ['RETURN "it\'s SET" AS text'],
    ["RETURN 'it\\'s DELETE' AS text"],
    ['MATCH (n) WHERE n.set = 1 RETURN n.delete, n . create'],
    ['MATCH (n:Create)-[r:DROP|SET]->(m:!Merge&Set) RETURN n'],
    ['MATCH (n) RETURN n {.set, .name}'],
    ['RETURN {set: 1, merge: 2} AS map'],
    ['MATCH (n {delete: $create}) RETURN n'],
    ['MATCH (`CREATE`) RETURN `CREATE` AS `SET`'],
    ['MATCH (n) // DELETE n\nRETURN n'],
    ['MATCH (n) /* SET n.x = 1\n */ RETURN n'],
    ["RETURN 'http://example.org/*' AS a, '*/ CREATE' AS b"],
    ['MATCH (start)-[r]->(end) RETURN start, end'],
    ['MATCH (load) RETURN load AS csv'],
    ['CALL db.labels() YIELD label RETURN label'],
    ['CALL `db`.labels() YIELD label RETURN label'],
    ['MATCH (n) CALL { WITH n RETURN 1 AS one } RETURN one'],
    ['MATCH (n) CALL (n) { RETURN 1 AS one } RETURN one'],
    ['EXPLAIN MATCH (n) RETURN n'],
    ['PROFILE MATCH (n) RETURN n'],
    ['CYPHER 5 MATCH (n) RETURN n'],
    ['SHOW INDEXES'],
    ['SHOW FULLTEXT INDEXES'],
    ['RETURN created, offset, dataset, settings, deleted, callback'],
    ['MATCH (n) RETURN [x IN n.list | x] AS list'],
    ['MATCH (n RETURN'],
    ["RETURN 'not closed"],
    [''],
  ])('lets %s pass', (text) => {
    expect(findForbiddenClause(text)).toBeNull()
  })

  it.each([
    ['CREATE (n)', 'CREATE'],
    ['match (n) set n.x = 1', 'SET'],
    ['MATCH (n)SET n.x=1', 'SET'],
    ['MATCH (n) DETACH DELETE n', 'DETACH'],
    ['MATCH (n) DELETE n', 'DELETE'],
    ['MATCH (n) REMOVE n.x', 'REMOVE'],
    ['MERGE (n:Document {id: 1})', 'MERGE'],
    ['INSERT (:Document)', 'INSERT'],
    ['DROP INDEX node_id', 'DROP'],
    ['CREATE INDEX FOR (n:A) ON (n.b)', 'CREATE'],
    ['FOREACH (x IN [1] | CREATE (:Z))', 'FOREACH'],
    ['LOAD CSV FROM "file:///etc/passwd" AS line RETURN line', 'LOAD CSV'],
    ['LOAD\n/* so */\tcsv WITH HEADERS FROM $file AS line RETURN line', 'LOAD CSV'],
    ['MATCH (n) CALL { WITH n SET n.x = 1 } RETURN n', 'SET'],
    ['CALL dbms.listConfig()', 'CALL dbms.listConfig'],
    ['CALL apoc.load.json($url) YIELD value RETURN value', 'CALL apoc.load.json'],
    ['CALL db.createLabel("x")', 'CALL db.createLabel'],
    ['CALL `apoc`.`cypher`.`run`("CREATE (n)", {})', 'CALL apoc.cypher.run'],
    ['CALL db . labels2 ()', 'CALL db.labels2'],
    ['OPTIONAL CALL dbms.components() YIELD name RETURN name', 'CALL dbms.components'],
    ['RETURN 1 AS one; CREATE (n)', 'CREATE'],
    ['EXPLAIN CREATE (n)', 'CREATE'],
    ['CYPHER 25 USE system SHOW USERS', 'USE'],
    ['USE system RETURN 1', 'USE'],
    ['RETURN 1 AS a UNION USE other RETURN 2 AS a', 'USE'],
    ['SHOW USERS', 'SHOW USERS'],
    ['SHOW SETTINGS', 'SHOW SETTINGS'],
    ['ALTER USER neo4j SET PASSWORD "x"', 'ALTER'],
    ['STOP DATABASE neo4j', 'STOP'],
    ['TERMINATE TRANSACTIONS "x"', 'TERMINATE'],
    // Strings and comments that end elsewhere than they seem to.
    ["RETURN 'a\\\\' AS a CREATE (n) // '", 'CREATE'],
    ["RETURN 'a\\u0027 AS a CREATE (n) //'", 'CREATE'],
    ['\\u0043REATE (n)', 'CREATE'],
    ['MATCH (n) \\u0053ET n.x = 1', 'SET'],
    ["RETURN 1 AS a // '\rCREATE (n) // '", 'CREATE'],
    ["RETURN 1 AS a // \r '\nCREATE (n) // '", 'CREATE'],
    ['RETURN 1 AS a /* CREATE (n)', 'CREATE'],
    ["RETURN 1 AS a ' CREATE (n)", 'CREATE'],
    ['RETURN 1 AS a /* /* */ CREATE (n) /* */', 'CREATE'],
    ['RETURN 1 AS `a\\` CREATE (n) //`', 'CREATE'],
    ['RETURN 1. CREATE (n)', 'CREATE'],
    ['RETURN as CREATE (n)', 'CREATE'],
    ['MATCH (n)\u00a0DELETE\u2003n', 'DELETE'],
    ['MATCH (n)\u200bDELETE n', 'DELETE'],
  ])('refuses %s', (text, clause) => {
    expect(findForbiddenClause(text)).toBe(clause)
  })

  it('takes a long text in no time', () => {
    const started = performance.now()
    findForbiddenClause(`RETURN ${"'a' + ".repeat(50_000)} '`)
    findForbiddenClause('/*'.repeat(20_000))
    findForbiddenClause('/*/'.repeat(100_000))
    findForbiddenClause(`'${"\\\\'".repeat(100_000)}`)
    findForbiddenClause(`CALL ${'a.'.repeat(100_000)}`)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('splitMode', () => {
  it.each([
    ['EXPLAIN MATCH (n) RETURN n', 'EXPLAIN', ' MATCH (n) RETURN n'],
    ['/* a\n */ // b\n\tprofile RETURN 1', 'PROFILE', '/* a\n */ // b\n\t RETURN 1'],
    ['EXPLAINED', null, 'EXPLAINED'],
    ['RETURN 1 // EXPLAIN', null, 'RETURN 1 // EXPLAIN'],
    ['/* EXPLAIN', null, '/* EXPLAIN'],
    ['// EXPLAIN', null, '// EXPLAIN'],
    ['', null, ''],
  ])('takes the mode off %s', (text, mode, rest) => {
    expect(splitMode(text)).toEqual({ mode, rest })
  })

  it('takes many comments in no time', () => {
    const started = performance.now()
    for (const comment of ['/**/', '/* */ ', '//\n', '/*', ' \n']) splitMode(`${comment.repeat(50_000)}x`)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
