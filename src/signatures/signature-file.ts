import { hash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { StoreError } from '../model/errors.ts'
import { keepPrivate } from '../private-file.ts'

/** Another version of the file is another file. */
export const SIGNATURE_FILE = 'signatures-1.db'

const KEY_BYTES = 16
const BUSY_MILLISECONDS = 10_000

interface Open {
  readonly database: DatabaseSync
  readonly get: StatementSync
  readonly put: StatementSync
}

/**
 * What an embedding model made of names, so that none is paid for twice: 64 bytes each, under a hash of model and name, no
 * words. One file beside the store, for several processes at once; who deletes it pays anew, and loses nothing else.
 */
export class SignatureFile {
  readonly #path: string
  readonly #fingerprint: string
  #open: Open | null = null

  /** @param fingerprint of the model and whatever else decides what it makes of a name */
  constructor(path: string, fingerprint: string) {
    this.#path = path
    this.#fingerprint = fingerprint
  }

  /** Null where the name is not known. @throws StoreError */
  of(name: string): Uint8Array | null {
    const row = this.#try(({ get }) => get.get(this.#keyOf(name)))
    return (row?.['bits'] as Uint8Array | undefined) ?? null
  }

  /** All or none; durable when it returns. @throws StoreError */
  put(signatures: ReadonlyMap<string, Uint8Array>): void {
    this.#try(({ database, put }) => {
      database.exec('BEGIN IMMEDIATE')
      try {
        for (const [name, bits] of signatures) put.run(this.#keyOf(name), bits)
        database.exec('COMMIT')
      } catch (error) {
        database.exec('ROLLBACK')
        throw error
      }
    })
  }

  close(): void {
    this.#open?.database.close()
    this.#open = null
  }

  #keyOf(name: string): Uint8Array {
    return hash('sha256', `${this.#fingerprint}\0${name}`, 'buffer').subarray(0, KEY_BYTES)
  }

  #try<T>(work: (open: Open) => T): T {
    try {
      this.#open ??= openFile(this.#path)
      return work(this.#open)
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause)
      throw new StoreError('signatures', `${this.#path}: ${message}`, {
        cause,
        hint: 'It only holds what the embedding model said: where it is damaged, delete it, and names are asked about anew.',
      })
    }
  }
}

function openFile(path: string): Open {
  mkdirSync(dirname(path), { recursive: true })
  keepPrivate(path)
  const database = new DatabaseSync(path, { timeout: BUSY_MILLISECONDS })
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE IF NOT EXISTS signature (key BLOB PRIMARY KEY, bits BLOB NOT NULL) WITHOUT ROWID`)
  return {
    database,
    get: database.prepare('SELECT bits FROM signature WHERE key = ?'),
    put: database.prepare('INSERT OR REPLACE INTO signature (key, bits) VALUES (?, ?)'),
  }
}
