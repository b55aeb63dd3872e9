import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { formLines, formPrompt, pressForm, type FixForm, type Looked } from '../../src/desk/fix-form.ts'
import type { Revision } from '../../src/review/fix.ts'

const looked: Looked = { lines: ['  - a', '  + b'], revision: {} as Revision, done: 'fixed' }
const FORM: FixForm = {
  mode: 'fix',
  about: 'Ana ──LEADS──▶ Kestrel',
  ends: { subject: 'Ana', object: 'Kestrel' },
  types: Array.from({ length: 35 }, (_, i) => ({ label: `TYPE_${i + 1}`, wanted: { type: `TYPE_${i + 1}` } })),
  quotes: [{ label: 'Ana\u202e\u001b[31m leads', wanted: { evidence: ['Ana\u202e\u001b[31m leads'] } }],
  firstQuote: 0,
  flipped: looked,
  wanted: {},
  open: null,
  typing: null,
  looked: null,
  message: '',
  busy: false,
}
const pressAll = (form: FixForm, keys: readonly string[]) =>
  keys.reduce((step, key) => pressForm(step.form, key), { form, effect: null } as ReturnType<typeof pressForm>)

describe('the form for a fix', () => {
  it('flips at once what was shown, and otherwise says why not', () => {
    expect(pressForm(FORM, 'i').effect).toEqual({ kind: 'save', looked })
    const refused = pressForm({ ...FORM, flipped: 'it does not go so' }, 'i')
    expect(refused).toMatchObject({ effect: null, form: { message: 'it does not go so', busy: false } })
    const also = { ...FORM, wanted: { type: 'KNOWS' } }
    expect(pressForm(also, 'i')).toMatchObject({
      effect: { kind: 'look' },
      form: { wanted: { type: 'KNOWS', flip: true } },
    })
  })

  it('picks a type by a digit or a letter, and saves only what was looked at', () => {
    expect(pressAll(FORM, ['t', '9'])).toMatchObject({ effect: { kind: 'look' }, form: { wanted: { type: 'TYPE_9' } } })
    expect(pressAll(FORM, ['t', 'z']).form.wanted).toEqual({ type: 'TYPE_35' })
    expect(pressAll(FORM, ['t', '1', 'enter'])).toMatchObject({ effect: null, form: { busy: true } })
    expect(pressForm({ ...FORM, looked }, 'enter').effect).toEqual({ kind: 'save', looked })
    expect(pressForm(FORM, 'enter').effect).toBeNull()
  })

  it('takes what is typed for a name, and looks for it', () => {
    const typed = pressAll(FORM, ['s', ...'Beno', 'backspace', 'enter'])
    expect(typed).toMatchObject({
      effect: { kind: 'find', side: 'subject', text: 'Ben' },
      form: { typing: null, busy: true },
    })
    expect(pressAll(FORM, ['s', 'enter']).effect).toBeNull()
    expect(pressAll(FORM, ['w', 'enter'])).toMatchObject({ effect: { kind: 'look' }, form: { wanted: { when: '' } } })
  })

  it('goes back by Escape, from what is open first', () => {
    expect(pressAll(FORM, ['t', 'escape'])).toMatchObject({ effect: null, form: { open: null } })
    expect(pressAll(FORM, ['s', 'x', 'escape'])).toMatchObject({ effect: null, form: { typing: null } })
    expect(pressAll(FORM, ['t', 'escape', 'escape']).effect).toEqual({ kind: 'close' })
    expect(pressForm({ ...FORM, busy: true }, 'escape').effect).toEqual({ kind: 'close' })
  })

  it('is no wider than the screen, and lets nothing of a source act on it', () => {
    const forms = [
      FORM,
      { ...FORM, looked },
      pressForm(FORM, 't').form,
      pressForm(FORM, 'e').form,
      pressAll(FORM, ['e', '1']).form,
    ]
    for (const form of forms)
      for (const width of [20, 60, 80]) {
        const lines = [...formLines(form, width), formPrompt(form)]
        expect(lines.join('')).not.toMatch(/[\u202e\u001b\n]/)
        expect(Math.max(...formLines(form, width).map((line) => stringWidth(line)))).toBeLessThanOrEqual(width)
      }
    expect(formLines({ ...FORM, looked }, 80).join('\n')).toContain(
      'BECOMES OF THE GRAPH\n  - a\n  + b\n Enter saves it',
    )
  })

  it('breaks lines between words', () => {
    const line =
      '  - k3vq7x12  The Billing Migration Steering Group ──REPORTS_TO──▶ Vennersby Energy  proposed → rejected'
    const form = {
      ...FORM,
      about: line.trim(),
      flipped: { ...looked, lines: [line] },
      looked: { ...looked, lines: [line] },
    }
    for (const one of [form, { ...form, flipped: `it cannot be: ${line.trim()}` }]) {
      const words = formLines(one, 1000).join(' ').split(/\s+/)
      expect(formLines(one, 60).join(' ').split(/\s+/)).toEqual(words)
    }
  })

  it('renames, merges and splits an end by a list, and says such a thing alone', () => {
    expect(pressForm(FORM, 'n').form.open?.all.map(({ label }) => label)).toEqual([
      'rename Ana',
      'merge Ana with another',
      'split Ana',
      'rename Kestrel',
      'merge Kestrel with another',
      'split Kestrel',
    ])
    const wants = { ...FORM, wanted: { type: 'KNOWS' } }
    const renamed = pressAll(wants, ['n', '1', ...'Ana R', 'backspace', '.', 'enter'])
    const end = { what: 'rename', side: 'subject', named: 'Ana .' }
    expect(renamed).toMatchObject({ effect: { kind: 'look' }, form: { typing: null } })
    expect(renamed.form.wanted).toEqual({ end })
    expect(formLines({ ...renamed.form, busy: false }, 60).join('\n')).toContain('Ana, the subject, is called Ana .')
    expect(pressForm({ ...renamed.form, busy: false }, 'i').form.wanted).toEqual({ flip: true })
    expect(pressAll(FORM, ['n', '5', ...'Kite', 'enter']).effect).toEqual({
      kind: 'find',
      side: 'object',
      text: 'Kite',
      end: { what: 'merge', side: 'object' },
    })
    expect(pressAll(FORM, ['n', '6']).effect).toEqual({ kind: 'parts', end: { what: 'split', side: 'object' } })
    expect(pressForm({ ...FORM, mode: 'add' }, 'n').form.open).toBeNull()
  })

  it('puts things apart one by one, and looks by Enter once there are some on either side', () => {
    const end = { what: 'split', side: 'object' } as const
    const all = ['Kestrel', 'Kite'].map((name) => ({
      label: `stays  ${name}`,
      wanted: { end: { ...end, apart: [name] } },
    }))
    const open = { title: 'parts', all, from: 0, words: '' }
    const form: FixForm = { ...FORM, open, wanted: { end: { ...end, apart: [] } } }
    const moved = pressForm(form, '2')
    expect(pressForm(form, 'enter').effect).toBeNull()
    expect(moved).toMatchObject({ effect: null, form: { wanted: { end: { apart: ['Kite'] } } } })
    expect(pressForm(moved.form, 'enter').effect).toEqual({ kind: 'look' })
    expect(moved.form.open?.all.map(({ label }) => label)).toEqual(['stays  Kestrel', 'apart  Kite'])
    const shown = { ...moved.form, busy: false, looked }
    expect(formLines(shown, 60).join('\n')).toMatch(/2 {2}apart {2}Kite\n\n BECOMES OF THE GRAPH/)
    expect(pressForm(shown, 'enter').effect).toEqual({ kind: 'save', looked })
    const both = pressForm(shown, '1')
    expect(both).toMatchObject({ effect: null, form: { looked: null } })
    expect(pressForm(both.form, 'enter').effect).toBeNull()
    expect(pressAll(both.form, ['1']).form.wanted).toEqual({ end: { ...end, apart: ['Kite'] } })
    expect(pressForm(shown, 'escape').form).toMatchObject({ open: null, wanted: {}, looked: null })
  })

  it('makes a rule of it by one key, which is looked at with what else is wanted', () => {
    expect(pressForm(FORM, 'r')).toMatchObject({ effect: null, form: { wanted: { isRule: true } } })
    expect(pressAll(FORM, ['r', 'r']).form.wanted).toEqual({})
    const typed = { ...FORM, wanted: { type: 'KNOWS' } }
    expect(pressForm(typed, 'r')).toMatchObject({
      effect: { kind: 'look' },
      form: { wanted: { type: 'KNOWS', isRule: true } },
    })
    expect(pressForm({ ...FORM, mode: 'add' }, 'r').form.wanted).toEqual({})
  })
})
