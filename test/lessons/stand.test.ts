import { expect, it } from 'vitest'
import { standOf } from '../../src/lessons/stand.ts'
import type { Decision } from '../../src/model/decision.ts'
import type { StoredLink } from '../../src/store/records.ts'

const LINK = { id: 'l', disputed: false, obstacles: [] } as unknown as StoredLink

/** `rita accept`, `sam flag`, `rita undo 1`: the number is that of the decision which is taken back. */
function decisions(...said: readonly string[]): Decision[] {
  return said.map((words, index) => {
    const [reviewer, verdict, undoes] = words.split(' ')
    return { id: String(index + 1), sequence: index + 1, reviewer, verdict, undoes: undoes ?? null, reason: null }
  }) as unknown as Decision[]
}

const stand = (said: readonly string[], link: Partial<StoredLink> = {}, shown: readonly string[] = []) =>
  standOf({ link: { ...LINK, ...link }, decisions: decisions(...said) }, new Set(shown))

it('is the verdict of all who gave one', () => {
  expect(stand(['rita accept'])).toEqual({ verdict: 'accept', reason: null })
  expect(stand(['rita accept', 'sam accept'])).toEqual({ verdict: 'accept', reason: null })
  expect(stand(['rita accept', 'rita reject'])).toEqual({ verdict: 'reject', reason: null })
  expect(stand(['rita accept', 'rita undo 1', 'rita undo 2'])).toEqual({ verdict: 'accept', reason: null })
})

it.each([
  ['undecided', [], {}],
  ['undone', ['rita accept', 'sam undo 1'], {}],
  ['not-agreed', ['rita accept', 'sam reject'], {}],
  ['not-agreed', ['rita accept', 'sam reject', 'tom accept'], {}],
  ['flagged', ['rita accept', 'sam flag'], {}],
  ['disputed', ['rita accept'], { disputed: true }],
  ['disputed', ['rita accept'], { conflictsWith: ['other'] }],
  ['planted', ['rita accept'], { obstacles: ['addresses-model'] as const }],
])('is none of what is %s', (leftOut, said, link) => {
  expect(stand(said, link)).toEqual({ leftOut })
})

it('is none of what a model was shown, or of what is gone', () => {
  expect(stand(['rita accept'], {}, ['l'])).toEqual({ leftOut: 'shown' })
  expect(standOf({ link: null, decisions: decisions('rita accept') }, new Set())).toEqual({ leftOut: 'gone' })
})
