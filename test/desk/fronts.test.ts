import { PassThrough } from 'node:stream'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { clashes, helpLines, keyboard, keysLine, readKey, readTyped } from '../../src/desk/keys.ts'
import { keysOf } from '../../src/desk/plain.ts'
import { sitDown } from '../../src/desk/desk.ts'
import type { Terminal } from '../../src/desk/front.ts'
import { layOut, openScreen } from '../../src/desk/screen.ts'
import type { Store } from '../../src/store/store.ts'
import { fold } from '../../src/terminal/wrap.ts'

describe('what the keyboard says', () => {
  it('counts one key of what comes at once', () => {
    expect(readKey('a')).toBe('a')
    expect(readKey('aaaa')).toBe('a')
    expect(readKey('\x1b[A')).toBe('up')
    expect(readKey('\x1b')).toBe('escape')
  })

  it('ignores sequences and controls that it does not know', () =>
    expect(['\x1b[200~aaa', '\x1b[3~', '\x01', ''].map(readKey)).toEqual([null, null, null, null]))

  it('takes what is pasted into a note whole, without its controls', () => {
    expect(readTyped('as\x07 said')).toEqual(['a', 's', ' ', 's', 'a', 'i', 'd'])
    expect(readTyped('\x1b[A')).toEqual(['up'])
    expect(readTyped('\x1b[31m')).toEqual([])
  })

  it('is a key and Enter where it is plain', () => {
    const keys = (line: string): string[] | null => keysOf(line, (key) => key === 'n')
    expect(keys('a')).toEqual(['a'])
    expect(keys('space')).toEqual([' '])
    expect(keys('n so\x1b it')).toEqual(['n', 's', 'o', ' ', 'i', 't', 'enter'])
    expect(['', 'esc'].map(keys)).toEqual([['enter'], ['escape']])
    expect(['aa', 'accept', 'n', 'a b'].map(keys)).toEqual([null, null, null, null])
  })
})

describe('keys of your own', () => {
  const keys = keyboard({ accept: 'j', others: 'a', context: '.' })

  it('do what they are given to, and the former ones nothing', () => {
    expect(['j', 'a', '.', 'c', ' ', 'x', '3', 'enter'].map(keys.means)).toEqual([
      'a',
      'c',
      ' ',
      null,
      null,
      'x',
      '3',
      'enter',
    ])
  })

  it('stand in the help and below the card', () => {
    expect(keysLine(keys)).toBe(' j accept  x reject  f fix  s skip  u undo  ? more')
    expect(helpLines(keys).join('\n')).toMatch(/j {2}accept[^]*\. {2}more of the text[^]*a {2}other links/)
    expect(helpLines(keyboard()).join('\n')).toContain('space  more of the text')
  })

  it('are one character each, and clash with no other', () => {
    expect(clashes({ accept: 'x', reject: 'a' })).toEqual([])
    expect(clashes({ accept: 'x' })).toEqual([{ command: 'accept', problem: 'takes x, which is the key of reject' }])
    expect(clashes({ skip: '2' })).toEqual([{ command: 'skip', problem: 'takes 2, which rejects: wrong type' }])
    expect(clashes({ skip: 'F5', note: '\x1b' }).map(({ problem }) => problem)).toEqual([
      'must be one character',
      'must be one character',
    ])
  })
})

describe('the screen', () => {
  const frame = { lines: Array.from({ length: 30 }, (_, i) => `line ${i}`), message: 'm', prompt: 'p', busy: false }

  it('has the keys at the bottom, and says how much does not fit', () => {
    const { rows } = layOut({ ...frame, top: 0 }, 80, 24)
    expect(rows).toHaveLength(24)
    expect(rows.slice(-3)).toEqual([' ↓ 9 more lines', ' m', 'p'])
  })

  it('scrolls no further than the end', () => {
    const { rows, top } = layOut({ ...frame, top: 99 }, 80, 24)
    expect(top).toBe(9)
    expect(rows.slice(-4)).toEqual(['line 29', ' ↑ the end', ' m', 'p'])
  })

  it('has no more rows than there are', () => {
    for (const height of [1, 2, 3, 5]) expect(layOut({ ...frame, top: 0 }, 80, height).rows).toHaveLength(height)
  })

  it('breaks words that are wider than it, of wide characters too', () => {
    const text = '漢字'.repeat(50)
    const lines = fold(text, 61)
    expect(lines.join('')).toBe(text)
    expect(Math.max(...lines.map((line) => stringWidth(line)))).toBe(60)
  })
})

describe('a terminal', () => {
  it('is given back where the desk breaks down', async () => {
    const modes: boolean[] = []
    const input = Object.assign(new PassThrough(), { setRawMode: (isRaw: boolean) => modes.push(isRaw) })
    const output = Object.assign(new PassThrough(), { columns: 80, rows: 24 })
    const terminal = { input, output } as unknown as Terminal
    const broken = {
      database: {
        groupSize: 1,
        read: () => Promise.reject(new TypeError('a fault of ours')),
      },
    } as unknown as Store
    const sitting = sitDown({
      store: broken,
      order: 'entity',
      reviewer: 'rita',
      openFront: (events) => openScreen(terminal, events),
      follow: async () => '',
      now: () => new Date(),
      random: () => 0.5,
      signal: new AbortController().signal,
    })
    await expect(sitting).rejects.toThrow('a fault of ours')
    expect(modes).toEqual([true, false])
    expect(String(output.read())).toMatch(/\x1b\[\?25h\x1b\[\?1049l$/)
    expect(input.listenerCount('data') + output.listenerCount('resize')).toBe(0)
  })
})
