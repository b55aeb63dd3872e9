import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openLocalDatabase } from '../../src/store/local.ts'
import { describeDatabase } from './database-contract.ts'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-local-'))
  folders.push(folder)
  return folder
}

describeDatabase('the local database', async () => {
  const folder = newFolder()
  let database = await openLocalDatabase(folder)
  return {
    database,
    reopen: async () => {
      await database.close()
      database = await openLocalDatabase(folder)
      return database
    },
  }
})
