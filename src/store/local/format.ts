import { INDEXED, NODE_KINDS, SELDOM } from '../database.ts'
import { StoreError } from '../../model/errors.ts'
import { newerFormat } from '../newer-format.ts'
import { BACKUP, backupNoStore } from './backup-header.ts'
import type { Connection } from './sqlite.ts'

/** "whyg" in ASCII: says in the file's header whose it is. */
const APPLICATION = 0x77687967

/** One step from a version of the store's format to the next. */
export interface Step {
  /** The oldest whygraph that knows the format that it leads to. */
  readonly since: string
  readonly sql: string
}

/**
 * The number of steps is the newest version. A step that was published is never changed.
 *
 * `sequence` counts the transactions that changed something; each row has that of its last change, and `removed` keeps
 * what is no longer there (also where a link that moved was), so that the projection can follow.
 */
export const STEPS: readonly Step[] = [
  {
    since: '0.1.0',
    sql: `
  PRAGMA application_id = ${APPLICATION};

  CREATE TABLE node (
    key INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    properties TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    UNIQUE (kind, id)
  );
  CREATE INDEX node_sequence ON node (sequence);

  CREATE TABLE relationship (
    key INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    id TEXT,
    from_kind TEXT NOT NULL,
    from_id TEXT NOT NULL,
    to_kind TEXT NOT NULL,
    to_id TEXT NOT NULL,
    properties TEXT NOT NULL,
    sequence INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX relationship_id ON relationship (id) WHERE id IS NOT NULL;
  CREATE UNIQUE INDEX relationship_from ON relationship (from_kind, from_id, type, to_kind, to_id, coalesce(id, ''));
  CREATE INDEX relationship_to ON relationship (to_kind, to_id, type);
  CREATE INDEX relationship_sequence ON relationship (sequence);

  CREATE TABLE removed (
    what TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    from_kind TEXT NOT NULL,
    from_id TEXT NOT NULL,
    to_kind TEXT NOT NULL,
    to_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (what, type, id, from_kind, from_id, to_kind, to_id)
  ) WITHOUT ROWID;
  CREATE INDEX removed_sequence ON removed (sequence);

  CREATE VIRTUAL TABLE chunk_words USING fts5 (
    text, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
  );
  CREATE VIRTUAL TABLE entity_words USING fts5 (
    name, aliases, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
  );

  CREATE TABLE meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
  INSERT INTO meta VALUES ('sequence', 0), ('store', lower(hex(randomblob(8))));
  `,
  },
  {
    since: '0.1.0',
    sql: `
  CREATE TABLE name_key (key INTEGER NOT NULL, node INTEGER NOT NULL, PRIMARY KEY (key, node)) WITHOUT ROWID;
  CREATE TABLE entity_keys (node INTEGER PRIMARY KEY, keys BLOB NOT NULL);
  `,
  },
  // Names may be taken for one thing. What is there stays as it is, and `whygraph rebuild` derives it anew.
  { since: '0.1.0', sql: '' },
  // Decisions may be remarks, fixes, verdicts that need a second: an older whygraph would take them for others, or altered.
  { since: '0.1.0', sql: '' },
  // Traces and answers may be packed, and traces cut: an older whygraph would take them for what a model said.
  { since: '0.1.0', sql: '' },
  // Links may lead from documents to labels: an older whygraph would look for entities there. Summaries of chunks are
  // searched as their text is; there are none yet.
  {
    since: '0.1.0',
    sql: `
  CREATE VIRTUAL TABLE IF NOT EXISTS summary_words USING fts5 (
    summary, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
  );
  CREATE VIRTUAL TABLE IF NOT EXISTS label_words USING fts5 (
    name, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2"
  );
  `,
  },
]

export const FORMAT = STEPS.length

/**
 * 0 for a new file.
 * @throws StoreError where it is another program's, or of a newer whygraph
 */
export function formatOf(connection: Connection, path: string, known = FORMAT): number {
  const application = connection.get('PRAGMA application_id')?.['application_id']
  if (application !== APPLICATION) {
    if (application === BACKUP) throw backupNoStore(path)
    if (connection.get('SELECT 1 FROM sqlite_schema') === undefined) return 0
    throw new StoreError('not-a-database', `${path} is a database of another program.`, {
      hint: 'Name another folder for the store.',
    })
  }
  const meta = new Map(connection.all('SELECT name, value FROM meta').map((row) => [row['name'], row['value']]))
  const format = Number(meta.get('format') ?? 0)
  if (format <= known) return format
  throw newerFormat(path, { format, known, since: meta.get('since'), own: STEPS[known - 1]?.since })
}

/** The expression as it stands in the index, by which SQLite recognises it. The property's name has been checked. */
export function extract(property: string): string {
  return `json_extract(properties, '$.${property}')`
}

export function indexName(kind: string, property: string): string {
  return `node_${kind}_${property}`
}

/** Indexes by name. The one on a link's status also serves the review queue: the most confident first. */
function propertyIndexes(): Map<string, string> {
  const indexes = new Map<string, string>()
  for (const kind of NODE_KINDS) {
    for (const property of INDEXED[kind]) {
      const order = kind === 'Link' && property === 'status' ? `${extract('confidence')} DESC, id` : 'id'
      const name = indexName(kind, property)
      const those = SELDOM.has(property) ? ` AND ${extract(property)} IS NOT NULL` : ''
      indexes.set(name, `CREATE INDEX ${name} ON node (${extract(property)}, ${order}) WHERE kind = '${kind}'${those}`)
    }
  }
  return indexes
}

/**
 * Brings a new or an older file to the newest format, in one transaction: all steps or none.
 * @throws StoreError where it is of a newer format; nothing was changed then
 */
export async function bringUpToDate(
  connection: Connection,
  path: string,
  readOnly: boolean,
  steps: readonly Step[] = STEPS,
): Promise<void> {
  const newest = steps.length
  const format = await connection.whenFree(() => formatOf(connection, path, newest))
  if (readOnly) {
    if (format === newest) return
    throw new StoreError('older-format', `${path} has format ${format}, and was opened for reading only.`, {
      hint: 'Run any whygraph command that writes once: it brings the file up to date.',
    })
  }
  const existing = new Set(
    connection.all(`SELECT name FROM sqlite_schema WHERE type = 'index'`).map((row) => String(row['name'])),
  )
  const missing = [...propertyIndexes()].filter(([name]) => !existing.has(name))
  if (format === newest && missing.length === 0) return

  await connection.whenFree(() => connection.execute('BEGIN IMMEDIATE'))
  try {
    // Another process may have been faster.
    const now = formatOf(connection, path, newest)
    for (const step of steps.slice(now)) connection.execute(step.sql)
    for (const [, sql] of missing) connection.execute(sql.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS'))
    const meta = { format: newest, since: steps.at(-1)?.since ?? '' }
    for (const [name, value] of Object.entries(meta))
      connection.run('INSERT OR REPLACE INTO meta VALUES (?, ?)', name, value)
    connection.execute('COMMIT')
  } catch (error) {
    connection.rollback()
    throw error
  }
}
