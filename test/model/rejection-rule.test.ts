import { describe, expect, it } from 'vitest'
import { describeRejection, isRejected, type RejectionRule, type SaidWhere } from '../../src/model/rejection-rule.ts'

const rule = (alike: Partial<RejectionRule> = {}): RejectionRule => ({ kind: 'rejection', type: 'LEADS', ...alike })
const thing = (name: string, type: string) => ({ name, type, aliases: [] })
const said = (other: Partial<SaidWhere['proposal']> = {}, where: Partial<SaidWhere> = {}): SaidWhere => ({
  proposal: {
    type: 'LEADS',
    subject: thing('Ana', 'Person'),
    object: thing('Kestrel', 'System'),
    model: 'r1',
    documentId: 'd1',
    ...other,
  },
  path: 'org/chart.csv',
  quoted: ['row'],
  ...where,
})

describe('a pattern that a person rejected', () => {
  it('is of one type, and of all that is named', () => {
    expect(isRejected(said(), rule())).toBe(true)
    expect(isRejected(said({ type: 'OWNS' }), rule())).toBe(false)
    const all: Partial<RejectionRule> = {
      subject: [{ name: 'ANA', type: 'Person' }],
      object: [
        { name: 'Osprey', type: 'System' },
        { name: 'Kestrel', type: 'System' },
      ],
      ends: [['Person', 'System']],
      model: ['r1'],
      document: ['d1'],
      folder: ['org'],
      place: ['row'],
    }
    expect(isRejected(said(), rule(all))).toBe(true)
    const others: readonly SaidWhere[] = [
      said({ subject: thing('Ben', 'Person') }),
      said({ subject: thing('Ana', 'Team') }),
      said({ object: thing('Kes', 'System') }),
      said({ model: 'v3' }),
      said({ documentId: 'd2' }),
      said({}, { path: 'org/old/chart.csv' }),
      said({}, { path: 'chart.csv' }),
      said({}, { quoted: ['row', 'sentence'] }),
      said({}, { quoted: [] }),
    ]
    for (const other of others) expect(isRejected(other, rule(all)), JSON.stringify(other)).toBe(false)
    expect(isRejected(said({}, { path: 'chart.csv' }), rule({ folder: ['.'] }))).toBe(true)
  })

  it('means somebody of one document where a name does', () => {
    const ana = rule({ subject: [{ name: 'Ana', type: 'Person', documentId: 'd1' }] })
    expect(isRejected(said(), ana)).toBe(true)
    expect(isRejected(said({ documentId: 'd2' }), ana)).toBe(false)
  })

  it('is told in words', () => {
    expect(describeRejection(rule())).toBe('links of type LEADS are held until a person accepts them')
    expect(describeRejection(rule({ ends: [['Person', 'System']], folder: ['org'], place: ['row', 'cell'] }))).toBe(
      'links of type LEADS from Person to System, in folder org, quoting a row or a cell are held until a person accepts them',
    )
  })
})
