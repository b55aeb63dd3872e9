import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StoreError } from '../../src/model/errors.ts'
import type { Database } from '../../src/store/database.ts'
import { all, node, one, put } from './database-contract-nodes.ts'
import { describeLookup } from './database-contract-lookup.ts'
import { describeRecords } from './database-contract-records.ts'
import { describeTransactions } from './database-contract-transactions.ts'
import { describeQueries } from './database-contract-query.ts'

/** An empty database. `reopen` closes it and opens the same data again, where the database can do that. */
export interface OpenedDatabase {
  readonly database: Database
  readonly reopen?: () => Promise<Database>
}

/** What every database must do. Run it with `open` making an empty database each time; each is closed by the suite. */
export function describeDatabase(name: string, open: () => Promise<OpenedDatabase>): void {
  describe(`${name} keeps the contract of a database`, { timeout: 120_000 }, () => {
    let database: Database
    let reopen: (() => Promise<Database>) | undefined

    beforeEach(async () => {
      ;({ database, reopen } = await open())
    })
    afterEach(async () => {
      await database.close()
    })

    const reopenHere = async (): Promise<Database | undefined> => {
      if (reopen !== undefined) database = await reopen()
      return reopen === undefined ? undefined : database
    }

    describeRecords(() => database)
    describeTransactions(() => database)
    describeLookup(() => database, reopenHere)
    describeQueries(() => database)

    it('keeps everything when it is opened again', async () => {
      if (reopen === undefined) return
      await put(database, node('Run', 'r', { state: 'done' }))
      database = await reopen()
      expect((await one(database, 'Run', 'r')).properties['state']).toBe('done')
    })

    it('says what and where it is', async () => {
      const info = await database.info()
      expect(info.kind).not.toBe('')
      expect(info.location).not.toBe('')
      expect(info.version).not.toBe('')
    })

    it('prepares for types of links, repeatedly', async () => {
      await database.prepare(['KNOWS', 'BUILT'])
      await database.prepare(['KNOWS'])
      await database.prepare([])
      expect(await all(database, 'Link')).toEqual([])
    })

    it('closes twice, and is closed then', async () => {
      await database.close()
      await database.close()
      await expect(database.read((reader) => reader.list('Run'))).rejects.toThrow(StoreError)
    })
  })
}
