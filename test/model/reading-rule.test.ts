import { describe, expect, it } from 'vitest'
import { rulesFor, type DatedRule } from '../../src/model/reading-rule.ts'

const type = (from: string, to: string, at = '2026-01-01'): DatedRule => ({ kind: 'type', from, to, at })
const reply = { at: '2026-06-01', documentId: 'd' }

describe('rules by which a reply is read', () => {
  it('hold for what came after them, the last of several, one after the other, and come to an end', () => {
    const rules = [
      type('A', 'B'),
      type('A', 'C', '2026-02-01'),
      type('C', 'D'),
      type('X', 'Y'),
      type('Y', 'X'),
      type('N', 'M', '2026-07-01'),
    ]
    const { typeFor } = rulesFor(reply, rules)
    expect(['A', 'C', 'E', 'X', 'N'].map(typeFor)).toEqual(['D', 'D', 'E', 'Y', 'N'])
  })

  it('tell names of one type by their spelling folded, in one document where they are kept to it', () => {
    const from = { name: 'Kes', type: 'Project' }
    const to = { name: 'Kestrel', type: 'System' }
    const rules: DatedRule[] = [
      { kind: 'name', from, to, at: '2026-01-01' },
      { kind: 'name', from: { ...from, name: 'Jo' }, to, documentId: 'e', at: '2026-01-01' },
    ]
    const { nameFor } = rulesFor(reply, rules)
    expect(nameFor({ name: 'KES', type: 'Project' })).toEqual(to)
    expect(nameFor({ name: 'Kes', type: 'Person' })).toEqual({ name: 'Kes', type: 'Person' })
    expect(nameFor({ name: 'Jo', type: 'Project' }).name).toBe('Jo')
    expect(rulesFor({ ...reply, documentId: 'e' }, rules).nameFor({ name: 'Jo', type: 'Project' })).toEqual(to)
  })
})
