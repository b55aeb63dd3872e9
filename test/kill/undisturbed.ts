import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '../../src/store/store.ts'
import { readUndisturbed } from './kill-at-random.ts'
import { writeOrganisation } from './organisation.ts'
import { startReadingModel, type ReadingModel } from './reading-model.ts'
import { localVictim } from './victims.ts'

/** A repository in a folder of its own, a model that reads it, and what an ingest comes to that nobody disturbs. */
export interface Undisturbed {
  readonly folder: string
  readonly model: ReadingModel
  readonly undisturbed: Store
  /** How many the undisturbed ingest made. */
  readonly requests: number
  close(): Promise<void>
}

export interface UndisturbedOptions {
  readonly copies: number
  readonly concurrency: number
  /** Between the ten pieces of a reply. */
  readonly milliseconds: number
}

/** `name` is part of the folder's. */
export async function prepareUndisturbed(name: string, options: UndisturbedOptions): Promise<Undisturbed> {
  const { copies, concurrency, milliseconds } = options
  const folder = mkdtempSync(join(tmpdir(), `whygraph-${name}-`))
  mkdirSync(join(folder, 'repository'))
  writeOrganisation(join(folder, 'repository'), copies, false)
  const model = await startReadingModel(PIECES, milliseconds)
  const calm = localVictim(join(folder, 'undisturbed'))
  await readUndisturbed(calm, { folder, model, concurrency })
  const requests = model.askings.length
  const undisturbed = await calm.open()
  const close = async (): Promise<void> => {
    await undisturbed.close()
    model.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { folder, model, undisturbed, requests, close }
}

const PIECES = 10
