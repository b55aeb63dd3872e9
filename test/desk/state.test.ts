import { describe, expect, it } from 'vitest'
import { arrive, OPENING, press, type DeskState } from '../../src/desk/state.ts'

const link = { linkId: 'link', rev: 3, status: 'proposed' } as const
const near = { linkId: 'near', rev: 1, status: 'held' } as const
const shown = { ...link, quotes: 2, alike: [near] }
const open = arrive(OPENING, { kind: 'shown', shown }).state
const after = (state: DeskState, keys: readonly string[]): DeskState =>
  keys.reduce((before, key) => press(before, key).state, state)

describe('the keys of the desk', () => {
  it.each([
    ['a', { verdict: 'accept' }],
    ['x', { verdict: 'reject' }],
    ['1', { verdict: 'reject', reason: 'wrong subject' }],
    ['4', { verdict: 'reject', reason: 'wrong direction' }],
    ['7', { verdict: 'reject', reason: 'not asserted' }],
  ])('%s decides at once, on the revision that was shown', (key, decision) => {
    expect(press(open, key).effect).toEqual({ kind: 'decide', link, alike: [], ...decision })
  })

  it.each(['8', '0', 'A', 'D', '!'])('%s decides nothing', (key) => expect(press(open, key).effect).toBeNull())

  it.each(['a', 'x', '5', 's', 'u'])('%s does nothing while the last decision is being saved', (key) => {
    const { state } = press(open, 'a')
    expect(press(state, key)).toEqual({ state, effect: null })
  })

  it('leaves at any time, also while a note is written', () => {
    expect(press(press(open, 'a').state, 'q').effect).toEqual({ kind: 'leave' })
    expect(press(after(open, ['n', 'q']), 'q').effect).toBeNull()
    expect(press(after(open, ['n', 'q']), 'interrupt').effect).toEqual({ kind: 'leave' })
  })

  it('a note goes with the decision about its link, and with no other', () => {
    const noted = after(open, ['n', 'a', 's', 'backspace', 'x', 'enter'])
    expect(press(noted, 'x').effect).toMatchObject({ verdict: 'reject', note: 'ax' })
    const dropped = after(open, ['n', 'a', 'escape'])
    expect(press(dropped, 'a').effect).not.toHaveProperty('note')
    const another = arrive(noted, { kind: 'shown', shown: { ...shown, linkId: 'other' } }).state
    expect(press(another, 'a').effect).not.toHaveProperty('note')
    const moved = arrive(noted, { kind: 'shown', shown: { ...shown, rev: 4 } }).state
    expect(press(moved, 'a').effect).toMatchObject({ link: { rev: 4 }, note: 'ax' })
  })

  it('says that something is saved only when it is, and goes on by itself', () => {
    const { state } = press(open, 'a')
    expect(state.message).toBe('')
    const saved = arrive(state, { kind: 'saved', decisionIds: ['d1'], message: 'accepted  saved ✓' })
    expect(saved).toMatchObject({
      effect: { kind: 'next' },
      state: { message: 'accepted  saved ✓', decided: [['d1']] },
    })
  })

  it('undoes its decisions one after the other, and does them again', () => {
    const two = { ...open, decided: [['d2', 'd3'], ['d1']] }
    expect(press(two, 'u').effect).toEqual({ kind: 'undo', decisionIds: ['d2', 'd3'] })
    const step = arrive(two, { kind: 'undone', decisionIds: ['u2', 'u3'], linkId: 'link', message: '' })
    expect(step.effect).toEqual({ kind: 'show', linkId: 'link', isDecided: false })
    const undone = arrive(step.state, { kind: 'shown', shown }).state
    expect(press(undone, 'u').effect).toEqual({ kind: 'undo', decisionIds: ['d1'] })
    expect(press(undone, 'U').effect).toEqual({ kind: 'redo', decisionIds: ['u2', 'u3'] })
    const again = arrive(undone, { kind: 'redone', decisionIds: ['r2', 'r3'], linkId: 'link', message: '' }).state
    expect(again).toMatchObject({ decided: [['r2', 'r3'], ['d1']], undone: [] })
    expect(press(open, 'u').effect).toEqual({ kind: 'undo', decisionIds: [] })
    expect(press(open, 'U').effect).toBeNull()
  })

  it('goes round the quotes, and opens and closes what is asked for', () => {
    expect(after(open, [']']).quote).toBe(1)
    expect(after(open, [']', ']']).quote).toBe(0)
    expect(after(open, ['t']).pane).toBe('trace')
    expect(after(open, ['t', 't']).pane).toBe('card')
    expect(after(open, ['t', 'w']).pane).toBe('history')
    expect(after(open, ['?', 'escape']).pane).toBe('card')
  })

  it('decides together what is looked at together, and only there', () => {
    expect(press(after(open, ['p']), 'x').effect).toMatchObject({
      verdict: 'reject',
      alike: [near],
    })
    expect(press(after(open, ['p', 'p']), 'x').effect).toMatchObject({ alike: [] })
  })

  it('asks which links, and goes to the next order', () => {
    const typed = after(open, ['/', 't', 'y', 'q', 'backspace'])
    expect(typed.typing).toEqual({ what: 'filter', text: 'ty' })
    expect(press(typed, 'enter')).toMatchObject({ effect: { kind: 'filter', text: 'ty' }, state: { typing: null } })
    expect(press(typed, 'escape')).toMatchObject({ effect: null, state: { typing: null } })
    expect(press(open, 'o').effect).toEqual({ kind: 'order' })
    const empty = arrive(open, { kind: 'empty' }).state
    expect(press(empty, 'o').effect).toEqual({ kind: 'order' })
    expect(press(after(empty, ['/']), 'enter').effect).toEqual({ kind: 'filter', text: '' })
  })

  it('takes back that nothing is missing in its turn with decisions', () => {
    const saved = (state: DeskState, id: string) =>
      arrive(state, { kind: 'saved', decisionIds: [id], message: '' }).state
    const searched = arrive(saved(open, 'one'), { kind: 'searched', documentId: 'doc', message: '' }).state
    const then = { ...saved(searched, 'two'), busy: false }
    expect(press(then, 'u').effect).toEqual({ kind: 'undo', decisionIds: ['two'] })
    const undone = arrive(then, { kind: 'undone', decisionIds: ['u'], linkId: 'link', message: '' }).state
    const back = press({ ...undone, busy: false }, 'u')
    expect(back.effect).toEqual({ kind: 'unsearched', documentId: 'doc' })
    expect(press({ ...back.state, busy: false }, 'u').effect).toEqual({ kind: 'undo', decisionIds: ['one'] })
  })

  it('decides nothing where nothing waits', () => {
    const empty = arrive(open, { kind: 'empty' }).state
    for (const key of ['a', 'x', '1', 's', 'n']) expect(press(empty, key).effect).toBeNull()
    expect(press(empty, 'u').effect).toEqual({ kind: 'undo', decisionIds: [] })
  })

  it('rejects a link as one of many once it was said what they have in common, and by no other key meanwhile', () => {
    const asked = press(open, 'X')
    expect(asked.effect).toEqual({ kind: 'pattern', linkId: 'link' })
    const whole = { kind: 'rejection', type: 'OWNS', ends: [['A', 'B']], model: ['r1'] } as const
    const pattern = { whole, alike: ['ends', 'folder'] } as const
    const shownPattern = arrive(asked.state, { kind: 'patterned', pattern }).state
    expect(after(shownPattern, ['a', 'x', 's', '7', 'u', 'q'])).toEqual(shownPattern)
    const { effect } = press(after(shownPattern, ['1', '2']), 'enter')
    expect(effect).toEqual({
      kind: 'decide',
      link,
      verdict: 'reject',
      alike: [],
      rule: { kind: 'rejection', type: 'OWNS', model: ['r1'] },
    })
    expect(press(after(shownPattern, ['escape']), '1').effect).toMatchObject({ reason: 'wrong subject' })
  })

  it('goes on where nothing is left to decide about, without the note for it', () => {
    const gone = arrive({ ...press(open, 'a').state, note: 'so it is' }, { kind: 'gone', message: 'it went' })
    expect(gone).toMatchObject({ effect: { kind: 'next' }, state: { note: '', message: 'it went', decided: [] } })
  })

  it('goes on with what is being typed when a card comes beside it', () => {
    const empty = arrive(open, { kind: 'empty' }).state
    const typed = arrive(after(empty, ['/', 't']), { kind: 'shown', shown }).state
    expect(press(typed, 'a')).toMatchObject({ effect: null, state: { typing: { what: 'filter', text: 'ta' } } })
  })

  it('keeps the card where a decision was refused', () => {
    const refused = arrive(press(open, 'a').state, { kind: 'refused', message: 'the store is away' }).state
    expect(refused).toMatchObject({ shown, busy: false, message: 'the store is away', decided: [] })
  })
})
