import { PassThrough } from 'node:stream'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { clashes, helpLines, keyboard, keysLine, readKeys } from '../../src/desk/keys.ts'
import { keysOf, openPlain } from '../../src/desk/plain.ts'
import { sitDown } from '../../src/desk/desk.ts'
import type { FrontEvents, Terminal } from '../../src/desk/front.ts'
import { layOut, openScreen } from '../../src/desk/screen.ts'
import type { Store } from '../../src/store/store.ts'
import { fold } from '../../src/terminal/wrap.ts'

describe('what the keyboard says', () => {
  it('is all keys of what comes at once', () => {
    expect(readKeys('a')).toEqual(['a'])
    expect(readKeys('as\r')).toEqual(['a', 's', 'enter'])
    expect(['\x1b[A', '\x1b[A\x1bOB', '\x1b'].map(readKeys)).toEqual([['up'], ['up', 'down'], ['escape']])
  })

  it('is nothing of sequences and controls that it does not know', () => {
    expect(['\x1b[200~aaa', '\x1b[3~', '\x1b[31m', '\x01', ''].map(readKeys)).toEqual([[], [], [], [], []])
    expect(readKeys('as\x07 said')).toEqual(['a', 's', ' ', 's', 'a', 'i', 'd'])
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

const frame = { lines: Array.from({ length: 30 }, (_, i) => `line ${i}`), message: 'm', prompt: 'p', busy: false }

describe('the screen', () => {
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

describe('what becomes of a key', () => {
  it('is told in as many lines as it takes, three at most, at the cost of the card', () => {
    const message = 'not saved, as something happened meanwhile that is said in some more words than go into a line'
    const { rows } = layOut({ ...frame, message, top: 0 }, 60, 12)
    expect(rows.slice(-3)).toEqual([
      ' not saved, as something happened meanwhile that is said in',
      ' some more words than go into a line',
      'p',
    ])
    expect(layOut({ ...frame, message: message.repeat(9), top: 0 }, 60, 12).rows.at(-2)).toMatch(/…$/)
  })
})

describe('line by line', () => {
  it('answers every line, also such as change nothing, and prints a card once', async () => {
    const input = new PassThrough()
    const output = new PassThrough().setEncoding('utf8')
    const pressed: string[] = []
    const frame = { lines: [' the card'], message: '', prompt: ' keys', busy: false, top: 0 }
    const terminal = { input, output } as unknown as Terminal
    const front = openPlain(terminal, () => 80, {
      onKeys: (keys) => {
        pressed.push(...keys)
        front.draw({ ...frame, message: `${keys[0]} is no key here` })
      },
      isTyping: () => false,
      beginsText: () => false,
    })
    front.draw(frame)
    input.write('z\nz\naccept\n')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(String(output.read()).split('\n')).toEqual([
      '',
      ' the card',
      'keys',
      'z is no key here',
      'keys',
      'z is no key here',
      'keys',
      "'accept' is no key: one key and Enter; what is a text follows its key: n and the note. ? lists the keys",
      '',
    ])
    expect(pressed).toEqual(['z', 'z'])
    front.close()
  })
})

describe('a terminal', () => {
  it('says of a key that is held down that it comes again', () => {
    const input = Object.assign(new PassThrough(), { setRawMode: () => {} })
    const output = Object.assign(new PassThrough(), { columns: 80, rows: 24 })
    const held: boolean[] = []
    const onKeys: FrontEvents['onKeys'] = (_, { isHeld = false } = {}) => void held.push(isHeld)
    const front = openScreen({ input, output } as unknown as Terminal, { onKeys, onResize: () => {} })
    for (const key of ['a', 'a', 'x', 'a']) input.emit('data', key)
    front.close()
    expect(held).toEqual([false, true, false, false])
  })

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
