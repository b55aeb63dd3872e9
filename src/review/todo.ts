import type { Verdict } from '../model/decision.ts'
import { didYouMean } from '../model/did-you-mean.ts'
import { REASONS } from './reasons.ts'

/** What a line may say about its link. */
export type TodoVerdict = Exclude<Verdict, 'undo'>

/** A line of a list that a person edited: what to do about a link as it was when the list was made. */
export interface TodoLine {
  /** Of the text, from 1. */
  readonly number: number
  /** Null: the line says to leave the link alone. */
  readonly verdict: TodoVerdict | null
  /** The id of a link, or its first characters. */
  readonly id: string
  readonly rev: number
  readonly reason?: string
  readonly note?: string
}

/** A line that is none, and what is wrong with it. */
export interface BadLine {
  readonly number: number
  readonly what: string
}

const VERDICTS: Readonly<Record<string, TodoLine['verdict']>> = {
  accept: 'accept',
  a: 'accept',
  reject: 'reject',
  x: 'reject',
  skip: 'skip',
  s: 'skip',
  flag: 'flag',
  F: 'flag',
  leave: null,
  l: null,
}
const TODO_WORDS = 'accept, reject, reject:REASON, flag, skip or leave'

/** A word, perhaps with a reason; an id with a revision; what the link says, for people; perhaps a note. */
const WORD = /^([^\s:]+)(?::("[^"]*"|\S*))?(?:\s+|$)/
const LINK = /^([a-z0-9]+)@(\d+)(?=\s|$)/
const NOTE = /\s#\s+(.*)$/

/**
 * Reads a list: one link a line; empty lines, and those that begin with `#`, say nothing. A note stands behind the first
 * ` # ` of its line.
 */
export function parseTodo(text: string): { readonly lines: readonly TodoLine[]; readonly bad: readonly BadLine[] } {
  const lines: TodoLine[] = []
  const bad: BadLine[] = []
  for (const [index, raw] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const read = readLine(line, index + 1)
    if ('what' in read) bad.push(read)
    else lines.push(read)
  }
  return { lines, bad }
}

function readLine(line: string, number: number): TodoLine | BadLine {
  const [start = '', word = '', given] = WORD.exec(line) ?? []
  const verdict = VERDICTS[word]
  if (verdict === undefined) return { number, what: `'${word}' is none of ${TODO_WORDS}` }
  if (given !== undefined && verdict !== 'reject') return { number, what: `only reject takes a reason, not ${word}` }
  const reason = given === undefined ? undefined : readReason(given)
  if (reason === '') return { number, what: 'the reason is empty' }
  if (reason === null) return { number, what: noReason(given ?? '') }
  const [named, id = '', rev] = LINK.exec(line.slice(start.length)) ?? []
  if (named === undefined)
    return { number, what: `behind '${word}', the id of a link is missing, with its revision: k3vq7x@3` }
  const note = NOTE.exec(line.slice(start.length + named.length))?.[1]?.trim()
  return {
    number,
    verdict,
    id,
    rev: Number(rev),
    ...(reason === undefined ? {} : { reason }),
    ...(note === undefined || note === '' ? {} : { note }),
  }
}

/** In quotes as it is; else one of those that are known, by its words joined by `-` or its number. Null: it is none. */
function readReason(given: string): string | null {
  if (given === '' || given.startsWith('"')) return given.slice(1, -1).trim()
  return REASONS.find((reason, index) => given === dashed(reason) || given === String(index + 1)) ?? null
}

function noReason(given: string): string {
  const known = REASONS.map(dashed)
  const what = `'${given}' is none of the reasons ${known.join(', ')}.${didYouMean(given, known)}`
  return `${what} Other words go in double quotes: reject:"${given.replaceAll('-', ' ')}"`
}

function dashed(reason: string): string {
  return reason.replaceAll(' ', '-')
}

/** What a link says, as it can stand in a line whose note begins with ` # `. */
export function withoutNoteSign(text: string): string {
  return text.replace(/(^|\s)#(?=\s|$)/g, '$1＃')
}
