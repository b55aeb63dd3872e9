import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { StoreError, UsageError } from '../model/errors.ts'
import { planHash, type BulkPlan } from './bulk-plan.ts'

const KEPT_DAYS = 30
const DAY_MILLISECONDS = 86_400_000
const HASH = /^[a-z2-7]{26}$/

const PLAN = z.object({
  verdict: z.enum(['accept', 'reject']),
  where: z.string(),
  links: z.array(
    z.object({
      id: z.string(),
      rev: z.int(),
      status: z.enum(['proposed', 'held', 'accepted', 'rejected', 'gone', 'merged']),
    }),
  ),
})

/**
 * Plans between the command that shows one and the command that carries it out: files of ids and revisions, named by their
 * hash and kept for 30 days. A dry run writes nothing into the store.
 */
export class PlanFiles {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** @throws StoreError where the folder cannot be written */
  keep(plan: BulkPlan): void {
    const path = this.#pathOf(planHash(plan))
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 })
      this.#removeOld()
      writeFileSync(`${path}.part`, JSON.stringify(plan), { mode: 0o600 })
      renameSync(`${path}.part`, path)
    } catch (cause) {
      throw new StoreError('plan-not-kept', `the plan cannot be kept in ${this.#folder}: ${(cause as Error).message}`, {
        cause,
      })
    }
  }

  /**
   * A plan is what its hash says, or none.
   * @throws UsageError where it is not there, or not whole
   */
  find(hash: string): BulkPlan {
    const plan = HASH.test(hash) ? this.#read(hash) : null
    if (plan !== null && planHash(plan) === hash) return plan
    throw new UsageError('unknown-plan', `there is no plan ${hash} in ${this.#folder}`, {
      hint: `Make one with --dry-run, which prints its hash. Plans are kept for ${KEPT_DAYS} days, on the machine where they were made.`,
    })
  }

  #read(hash: string): BulkPlan | null {
    try {
      return PLAN.parse(JSON.parse(readFileSync(this.#pathOf(hash), 'utf8')))
    } catch {
      return null
    }
  }

  #removeOld(): void {
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name)
      if (Date.now() - statSync(path).mtimeMs > KEPT_DAYS * DAY_MILLISECONDS) rmSync(path, { force: true })
    }
  }

  #pathOf(hash: string): string {
    return join(this.#folder, `${hash}.json`)
  }
}
