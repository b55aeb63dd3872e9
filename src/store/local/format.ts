import { INDEXED, NODE_KINDS } from '../database.ts'
import { StoreError } from '../../model/errors.ts'
import type { Connection } from './sqlite.ts'

/** "whyg" in ASCII: says in the file's header whose it is. */
const APPLICATION = 0x77687967

/**
 * Steps from one version of the store's format to the next; the number of steps is the newest version. A step that was
 * published is never changed.
 *
 * `sequence` counts the transactions that changed something; each row has that of its last change, and `removed` keeps
 * what is no longer there (also where a link that moved was), so that the projection can follow.
 */
const STEPS: readonly string[] = [
  `
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
]

export const FORMAT = STEPS.length

/** 0 for a new file. */
function formatOf(connection: Connection, path: string): number {
  if (connection.get('PRAGMA application_id')?.['application_id'] !== APPLICATION) {
    if (connection.get('SELECT 1 FROM sqlite_schema') === undefined) return 0
    throw new StoreError('not-a-database', `${path} is a database of another program.`, {
      hint: 'Name another folder for the store.',
    })
  }
  const format = Number(connection.get(`SELECT value FROM meta WHERE name = 'format'`)?.['value'] ?? 0)
  if (format <= FORMAT) return format
  throw new StoreError(
    'newer-format',
    `${path} was written by a newer whygraph (format ${format}, known: ${FORMAT}).`,
    {
      hint: 'Update whygraph: npm install -g whygraph@latest',
    },
  )
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
      indexes.set(name, `CREATE INDEX ${name} ON node (${extract(property)}, ${order}) WHERE kind = '${kind}'`)
    }
  }
  return indexes
}

/** Brings a new or an older file to the newest format, in one transaction. */
export async function bringUpToDate(connection: Connection, path: string, readOnly: boolean): Promise<void> {
  const format = await connection.whenFree(() => formatOf(connection, path))
  if (readOnly) {
    if (format === FORMAT) return
    throw new StoreError('older-format', `${path} has format ${format}, and was opened for reading only.`, {
      hint: 'Run any whygraph command that writes once: it brings the file up to date.',
    })
  }
  const existing = new Set(
    connection.all(`SELECT name FROM sqlite_schema WHERE type = 'index'`).map((row) => String(row['name'])),
  )
  const missing = [...propertyIndexes()].filter(([name]) => !existing.has(name))
  if (format === FORMAT && missing.length === 0) return

  await connection.whenFree(() => connection.execute('BEGIN IMMEDIATE'))
  try {
    // Another process may have been faster.
    for (let step = formatOf(connection, path); step < FORMAT; step++) connection.execute(STEPS[step] ?? '')
    for (const [, sql] of missing) connection.execute(sql.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS'))
    connection.run(`INSERT OR REPLACE INTO meta VALUES ('format', ?)`, FORMAT)
    connection.execute('COMMIT')
  } catch (error) {
    connection.rollback()
    throw error
  }
}
