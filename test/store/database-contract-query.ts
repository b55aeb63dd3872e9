import { describe } from 'vitest'
import type { Database } from '../../src/store/database.ts'

export function describeQueries(current: () => Database): void {
  describe.todo('query', () => void current)
}
