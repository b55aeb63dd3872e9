import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printable, printableJson, printableLines } from '../../src/terminal/printable.ts'

const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/u

describe('what reaches a terminal', () => {
  it('names what cannot be seen', () => {
    expect(printable('a\u001b[31mb\u202ec')).toBe('a‹U+001B›[31mb‹U+202E›c')
    expect(printable('one\r\ntwo\tthree')).toBe('one two three')
    expect(printable('Křížová 🙂 東京')).toBe('Křížová 🙂 東京')
    expect(printable('\u3164\uffa0\ufe0e\u{e0100}\u034f')).toBe('‹U+3164›‹U+FFA0›‹U+FE0E›‹U+E0100›‹U+034F›')
    // Without the last one it is another sign.
    expect(printable('❤\ufe0f')).toBe('❤\ufe0f')
    expect(printableJson('\u3164\u{e0100}')).toBe(String.raw`"\u3164\udb40\udd00"`)
    expect(printableLines('one\r\ntwo\u0007')).toBe('one\ntwo‹U+0007›')
  })

  it('holds no control or bidi character, whatever went in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text)).not.toMatch(DANGEROUS)
        expect(printableLines(text)).not.toMatch(DANGEROUS)
        expect(printableJson({ text })).not.toMatch(DANGEROUS)
        expect(JSON.parse(printableJson({ text }, 2))).toEqual({ text })
      }),
    )
  })
})
