import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { z } from 'zod'
import { StoreError, UsageError } from '../model/errors.ts'
import { keepPrivate } from '../private-file.ts'
import { BACKUP } from '../store/local/backup-header.ts'
import { Connection } from '../store/local/sqlite.ts'

const VERSION = 1
const PIECE = 1 << 20

const manifestShape = z.object({
  version: z.number(),
  /** The whygraph that made it. */
  whygraph: z.string(),
  createdAt: z.string(),
  /** Format of the store in it. */
  format: z.number(),
})
export type Manifest = z.infer<typeof manifestShape>

/**
 * One file that holds several, in pieces, each with its SHA-256: a SQLite database, so that nothing but what was written
 * as a whole is ever read from it.
 */
export class BackupWriter {
  readonly #connection: Connection

  constructor(path: string) {
    keepPrivate(path)
    this.#connection = new Connection(path)
    this.#connection.execute(`
      PRAGMA application_id = ${BACKUP};
      PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      CREATE TABLE about (manifest TEXT NOT NULL);
      CREATE TABLE file (name TEXT PRIMARY KEY, size INTEGER NOT NULL, hash TEXT NOT NULL);
      CREATE TABLE piece (name TEXT, position INTEGER, content BLOB NOT NULL, PRIMARY KEY (name, position));
      BEGIN`)
  }

  addFile(name: string, path: string): void {
    const descriptor = openSync(path, 'r')
    try {
      this.#add(name, () => {
        const piece = Buffer.allocUnsafe(PIECE)
        return piece.subarray(0, readSync(descriptor, piece))
      })
    } finally {
      closeSync(descriptor)
    }
  }

  addText(name: string, text: string): void {
    let rest = Buffer.from(text)
    this.#add(name, () => {
      const piece = rest.subarray(0, PIECE)
      rest = rest.subarray(PIECE)
      return piece
    })
  }

  /** The file is complete, and on the disk, when this returns. */
  finish(manifest: Omit<Manifest, 'version'>, path: string): void {
    this.#connection.run('INSERT INTO about VALUES (?)', JSON.stringify({ version: VERSION, ...manifest }))
    this.#connection.execute('COMMIT')
    this.#connection.close()
    const descriptor = openSync(path, 'r+')
    fsyncSync(descriptor)
    closeSync(descriptor)
  }

  close(): void {
    this.#connection.close()
  }

  #add(name: string, next: () => Uint8Array): void {
    const hash = createHash('sha256')
    let size = 0
    for (let position = 0, piece = next(); piece.length > 0; piece = next(), position++) {
      this.#connection.run('INSERT INTO piece VALUES (?, ?, ?)', name, position, piece)
      hash.update(piece)
      size += piece.length
    }
    this.#connection.run('INSERT INTO file VALUES (?, ?, ?)', name, size, hash.digest('hex'))
  }
}

/** Reads a backup. Opening it changes nothing. */
export class BackupReader {
  readonly manifest: Manifest
  readonly #path: string
  readonly #connection: Connection

  /** @throws UsageError where it is none; StoreError where it cannot be read, or is of a later version */
  constructor(path: string) {
    this.#path = path
    this.#connection = new Connection(path, { readOnly: true })
    try {
      this.manifest = this.#reading(() => this.#readManifest())
    } catch (error) {
      this.#connection.close()
      throw error
    }
  }

  names(): string[] {
    const rows = this.#reading(() => this.#connection.all('SELECT name FROM file ORDER BY name'))
    return rows.map((row) => String(row['name']))
  }

  /**
   * Writes a file of the backup to a path, which must not be there yet, for its owner only.
   * @throws StoreError where it is not what was put in
   */
  extract(name: string, path: string): void {
    this.#reading(() => this.#extract(name, path))
  }

  #extract(name: string, path: string): void {
    const file = this.#connection.get('SELECT size, hash FROM file WHERE name = ?', name)
    const hash = createHash('sha256')
    const descriptor = openSync(path, 'wx', 0o600)
    try {
      const pieces = this.#connection.iterate('SELECT content FROM piece WHERE name = ? ORDER BY position', name)
      for (const { content } of pieces) {
        const piece = content as Uint8Array
        hash.update(piece)
        for (let done = 0; done < piece.length;) done += writeSync(descriptor, piece, done)
      }
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
    if (hash.digest('hex') !== file?.['hash']) throw damaged(this.#path, name)
  }

  close(): void {
    this.#connection.close()
  }

  #reading<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      // Of a table that it lacks, or a column, SQLite says no more than that.
      if (!(error instanceof StoreError) || !['not-a-database', 'sqlite'].includes(error.code)) throw error
      throw new StoreError(
        'damaged-backup',
        `${this.#path} is damaged, or no backup of whygraph. Nothing was changed.`,
        {
          hint: 'Is it the right file? Else take another backup.',
          cause: error,
        },
      )
    }
  }

  #readManifest(): Manifest {
    if (this.#connection.get('PRAGMA application_id')?.['application_id'] !== BACKUP)
      throw new UsageError('no-backup', `${this.#path} is no backup of whygraph`, {
        hint: "'whygraph backup FILE' makes one.",
      })
    const text = this.#connection.get('SELECT manifest FROM about')?.['manifest']
    const manifest = manifestShape.safeParse(parsed(String(text)))
    if (!manifest.success) throw damaged(this.#path, 'its description')
    if (manifest.data.version <= VERSION) return manifest.data
    throw new StoreError(
      'newer-backup',
      `${this.#path} was made by whygraph ${manifest.data.whygraph}, in a later form`,
      {
        hint: `It needs that version: npm install -g whygraph@'>=${manifest.data.whygraph}'`,
      },
    )
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export function damaged(path: string, what: string): StoreError {
  return new StoreError('damaged-backup', `${path} is damaged: ${what} is not what was put in. Nothing was changed.`, {
    hint: 'Take another backup.',
  })
}
