import { asciiOf, hasRun } from '../ascii.ts'
import { signFinder } from './signs.ts'

/**
 * What a text says once its disguises are off: invisible characters, look-alike letters, letters set apart, letters
 * of the tag block, base64, hexadecimal, ROT13 and writing backwards. The first line is the text itself, folded (one
 * line, no accents, compatibility forms undone); the others, where there are any, what else is to be read in it.
 */
export function reveal(text: string): string {
  const plain = fold(text)
  return mayBeDisguised(text) ? [plain, ...undisguised(text, plain)].join('\n') : plain
}

/** The same for many texts: most are not disguised, which is told for all at once. */
export function revealAll(texts: readonly string[]): string[] {
  return mayBeDisguised(texts.join('\n')) ? texts.map(reveal) : texts.map(fold)
}

function mayBeDisguised(text: string): boolean {
  return !SEVEN_BITS.test(text) || showsDisguise(text)
}

/** In a text of nothing but ASCII. Where a pattern is dear, what it cannot be without is looked for first. */
function showsDisguise(text: string): boolean {
  return (
    LEET.test(text) ||
    SET_APART_IN_ASCII.test(text) ||
    (hasWord(text.toLowerCase()).includes(1) && (ROT13_WORDS.test(text) || BACKWARDS.test(text))) ||
    hasRun(text, IN_BASE64, FEWEST_IN_BASE64) ||
    (hasRun(text, IN_HEXADECIMAL, FEWEST_IN_HEXADECIMAL) && text.search(HEXADECIMAL) >= 0)
  )
}

function undisguised(text: string, plain: string): string[] {
  const lines: string[] = []
  const tagged = spellTags(text)
  if (tagged.length >= FEWEST_LETTERS) lines.push(`${HIDDEN}${tagged}`)
  if (IN_SMALL_CAPITALS.test(plain))
    lines.push(plain.replace(/[^\x00-\x7f]/gu, (letter) => SMALL_CAPITALS[letter] ?? letter))
  if (MIXED_SCRIPTS.test(plain)) lines.push(toLatin(plain))
  if (LEET.test(plain)) lines.push(fromLeet(plain))
  for (const match of plain.matchAll(SET_APART)) lines.push(match[0].replace(/[^\p{L}]/gu, ''))
  if (ROT13_WORDS.test(plain)) lines.push(rot13(plain))
  if (BACKWARDS.test(plain)) lines.push([...plain].toReversed().join(''))
  return [...lines.filter((line) => line !== plain), ...decoded(text)]
}

/** Stands before words that no reader of the document can see. */
export const HIDDEN = '\u{e0001}'
const FEWEST_LETTERS = 4

const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
/** Accents that are written by themselves once letters are taken apart; vowel signs of other scripts are none. */
const ACCENTS = /[\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]/gu

/** Nothing but ASCII, controls included. */
const SEVEN_BITS = /^[\0-\x7f]*$/u
const PLAIN = /^[\x20-\x7e]*$/u

function fold(text: string): string {
  if (PLAIN.test(text)) return text.includes('  ') ? text.replace(/ +/gu, ' ') : text
  return text
    .replace(INVISIBLE, '')
    .normalize('NFKD')
    .replace(ACCENTS, '')
    .normalize('NFC')
    .replace(/[\u2018\u2019\u02bc]/gu, "'")
    .replace(/[\u201c-\u201f\u00ab\u00bb]/gu, '"')
    .replace(/[\s\p{Cc}]+/gu, ' ')
}

/** Unicode's tag characters spell ASCII that nothing shows. A few after a black flag are the flag of a region. */
const TAGS = /[\u{e0020}-\u{e007e}]+/gu
const REGION = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{1,6}\u{e007f}/gu

function spellTags(text: string): string {
  const spelled = (text.replace(REGION, '').match(TAGS) ?? []).map((run) =>
    [...run].map((one) => String.fromCharCode((one.codePointAt(0) as number) - 0xe0000)).join(''),
  )
  return spelled.join(' ')
}

/** Letters of other alphabets that look like Latin ones, after confusables.txt of Unicode's UTS 39. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  ...pairs('асеорхуіјѕԁһԛԝӏгпտ', 'aceopxyijsdhqwlrnt'),
  ...pairs('АВСЕНІЈКМОРЅТХУԌԚԜ', 'ABCEHIJKMOPSTXYGQW'),
  ...pairs('αβγεικνορτυχω', 'aByeikvoptuxw'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'),
}
/** Small capitals, which phonetic letters serve as; in phonetics there is hardly one beside the other. */
const SMALL_CAPITALS = pairs('ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ', 'abcdefghijklmnoprstuvwyz')
const IN_SMALL_CAPITALS = new RegExp(`[${Object.keys(SMALL_CAPITALS).join('')}]{3,}`, 'u')

const MIXED_SCRIPTS = /[a-z][\u0370-\u052f\u0530-\u058f]|[\u0370-\u052f\u0530-\u058f][a-z]/iu

function toLatin(text: string): string {
  return text.replace(/[\u0370-\u058f]/gu, (letter) => LOOK_ALIKES[letter] ?? letter)
}

function pairs(from: string, to: string): Record<string, string> {
  return Object.fromEntries([...from].map((letter, i) => [letter, to[i] as string]))
}

const LEET = /[i1!|][g9]n[o0]r[e3]|[i1!|]n[s5$][t7]ruc[t7]|d[i1!|][s5$]r[e3]g[a4@]rd|pr[o0]mp[t7]/iu
const DIGITS: Readonly<Record<string, string>> = { ...pairs('01345789!|@$', 'oieastbgiias') }

function fromLeet(text: string): string {
  return text.replace(/(?<=[a-z])[013457@$!|]|[013457@$!|](?=[a-z])/giu, (sign) => DIGITS[sign] ?? sign)
}

/** `i g n o r e`, `i-g-n-o-r-e`: eight letters or more, one by one. */
const SET_APART = /(?<![\p{L}\p{N}])\p{L}(?:[ ._*·-]{1,3}\p{L}(?![\p{L}\p{N}])){7,}/gu

const SET_APART_IN_ASCII = /(?<![A-Za-z0-9])[A-Za-z](?:[ ._*-]{1,3}[A-Za-z](?![A-Za-z0-9])){7}/

const IN_ROT13 = ['vtaber', 'qvfertneq', 'sbetrg', 'vafgehpgvba', 'cebzcg', 'nffvfgnag']
const ROT13_WORDS = new RegExp(`\\b(?:${IN_ROT13.join('|')})`, 'iu')

function rot13(text: string): string {
  return text.replace(/[a-z]/giu, (letter) => {
    const code = letter.charCodeAt(0)
    const base = code < 97 ? 65 : 97
    return String.fromCharCode(((code - base + 13) % 26) + base)
  })
}

const BACKWARDS = /snoitcurtsni|erongi\b|tpmorp metsys|tnatsissa\b/iu
/** Of either. */
const hasWord = signFinder([...IN_ROT13, 'snoitcurtsni', 'erongi', 'tpmorp metsys', 'tnatsissa'])

const BASE64 = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}={0,2}/gu
const IN_BASE64 = asciiOf(/[A-Za-z0-9+/]/u)
const FEWEST_IN_BASE64 = 24
const HEXADECIMAL = /(?<![0-9a-f])(?:[0-9a-f]{2}[ :]?){16,}/giu
const IN_HEXADECIMAL = asciiOf(/[0-9a-f :]/iu)
const FEWEST_IN_HEXADECIMAL = 32
const MOST_BLOBS = 8
const LONGEST_BLOB = 4000
/** Prose in some language, which bytes that happen to decode are not. */
const READABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}\s]+$/u

function decoded(text: string): string[] {
  const blobs = [
    ...first(text.matchAll(BASE64)).map((blob) => Buffer.from(blob, 'base64')),
    ...first(text.matchAll(HEXADECIMAL)).map((blob) => Buffer.from(blob.replace(/[^0-9a-f]/giu, ''), 'hex')),
  ]
  return blobs
    .map((bytes) => fold(bytes.toString('utf8')))
    .filter((words) => words.includes(' ') && READABLE.test(words) && !words.includes('\ufffd'))
}

function first(matches: Iterable<RegExpExecArray>): string[] {
  const found: string[] = []
  for (const [blob] of matches) {
    if (found.length === MOST_BLOBS) break
    found.push(blob.slice(0, LONGEST_BLOB))
  }
  return found
}
