/**
 * Takes the thinking out of a content stream in which a model thinks inline: `<think>…</think>{answer}`.
 *
 * The opening tag is often missing (the chat template pre-fills it) and the closing one sometimes is, so which
 * of the two a passage was may be known only later. Until then it is held back: the pieces that come out, joined
 * by kind, depend on the whole text only, never on how it was cut up. Nothing is lost but the tags themselves.
 *
 * - Text that begins with a JSON object or a fence is the answer, and tags inside it are its own words.
 * - Text that begins with anything else is held: a `</think>` makes it thinking; if none comes, it is the answer.
 *   (Thinking without any tag cannot be told from a chatty answer, and is not guessed at.)
 * - `<think>` counts at the beginning of a line only; `</think>` anywhere but inside a JSON string.
 * - After `</think>`, prose is held until a JSON object or a fence begins: another `</think>` makes it thinking.
 * - Thinking flows out at once up to the first `{` or fence, which might be the answer if no `</think>` follows;
 *   then {@link findUnclosedAnswer} decides at the end.
 */
export interface ThinkSplitter {
  push(text: string): readonly ThinkPiece[]
  /** Lets out what was held. Further text after it is not expected. */
  end(): readonly ThinkPiece[]
  /** The thinking came through a channel of its own: what is here is the answer unless an opening tag says else. */
  thoughtElsewhere(): void
}

export interface ThinkPiece {
  readonly kind: 'reasoning' | 'answer'
  readonly text: string
}

const OPENING = '<think>'
const CLOSING = '</think>'
const FENCE = '```'
const MARKS = [OPENING, CLOSING, FENCE]

type State = 'undecided' | 'thinking' | 'between' | 'answering'

/** What is known of the held text. All of it is read once, character by character: it may come in any pieces. */
interface Reading {
  readonly strings: JsonStrings
  isBlank: boolean
  isLineBlank: boolean
  /** Nothing but blanks since the last `{`. */
  hasOpened: boolean
  /** A `{` or a fence has come that may begin the answer. */
  hasMark: boolean
}

export function createThinkSplitter(): ThinkSplitter {
  let state: State = 'undecided'
  /** Never looked into but to let something out: looking at a text that grows copies it each time. */
  let held = ''
  /** The end of `held` that is not read yet, since it may be the beginning of a tag or a fence. */
  let unread = ''
  /** All thinking since the opening tag that was let out already: tells what stands before a `{`. */
  let thought = ''
  let reading = beginReading()

  function release(pieces: ThinkPiece[], kind: ThinkPiece['kind'], length: number): void {
    const text = held.slice(0, length)
    held = held.slice(length)
    if (state === 'thinking') thought += text
    if (text !== '') pieces.push({ kind, text })
  }

  function enter(next: State, tag: string): void {
    state = next
    held = held.slice(tag.length)
    thought = ''
    reading = beginReading()
  }

  /** Whether the tag counts here; if so, what stands before it has been let out and the tag is gone. */
  function takeTag(pieces: ThinkPiece[], tag: string, position: number): boolean {
    if (tag === CLOSING) {
      if (state !== 'between' && reading.strings.isInside) return false
      release(pieces, 'reasoning', position)
      enter('between', tag)
      return true
    }
    if (tag !== OPENING || state === 'thinking' || !reading.isLineBlank) return false
    release(pieces, reading.isBlank ? 'reasoning' : 'answer', position)
    enter('thinking', tag)
    return true
  }

  function beginsAnswer(character: string, mark: string): boolean {
    if (state === 'thinking') return false
    // Before any tag, only the very first thing tells; `hasMark` says that it was something else.
    if (state === 'undecided' && reading.hasMark) return false
    if (reading.hasOpened && (character === '"' || character === '}')) return true
    return mark === FENCE && (state === 'between' || reading.isBlank)
  }

  function read(character: string): void {
    const blank = isBlank(character)
    if (state === 'undecided' && !blank && !(reading.isBlank && character === '{')) reading.hasMark = true
    reading.strings.take(character)
    reading.hasOpened = character === '{' || (reading.hasOpened && blank)
    reading.isBlank &&= blank
    reading.isLineBlank = character === '\n' || (reading.isLineBlank && (character === ' ' || character === '\t'))
  }

  function push(text: string): readonly ThinkPiece[] {
    const pieces: ThinkPiece[] = []
    held += text
    const fresh = unread + text
    let at = 0
    while (at < fresh.length && state !== 'answering') {
      const character = fresh.charAt(at)
      const mark = character === '<' || character === '`' ? markAt(fresh, at) : ''
      if (mark === null) break
      const position = held.length - (fresh.length - at)
      if (takeTag(pieces, mark, position)) at += mark.length
      else if (beginsAnswer(character, mark)) enter('answering', '')
      else {
        if (state === 'thinking' && !reading.hasMark && (character === '{' || mark === FENCE)) {
          release(pieces, 'reasoning', position)
          reading.hasMark = true
        }
        read(character)
        at++
      }
    }
    unread = fresh.slice(at)
    if (state === 'answering') release(pieces, 'answer', held.length)
    else if (state === 'thinking' && !reading.hasMark) release(pieces, 'reasoning', held.length - unread.length)
    return pieces
  }

  function end(): readonly ThinkPiece[] {
    const pieces: ThinkPiece[] = []
    if (state === 'thinking') {
      const begin = findUnclosedAnswer(thought + held, thought.length)
      release(pieces, 'reasoning', begin - thought.length)
    }
    state = 'answering'
    release(pieces, 'answer', held.length)
    return pieces
  }

  function thoughtElsewhere(): void {
    if (state !== 'undecided') return
    enter('between', '')
    unread = held
  }

  return { push, end, thoughtElsewhere }
}

function beginReading(): Reading {
  return { strings: new JsonStrings(), isBlank: true, isLineBlank: true, hasOpened: false, hasMark: false }
}

/** The tag or fence at a place; null where the text ends before one can tell. */
function markAt(text: string, at: number): string | null {
  for (const mark of MARKS) {
    if (text.startsWith(mark, at)) return mark
    if (text.length - at < mark.length && mark.startsWith(text.slice(at))) return null
  }
  return ''
}

function isBlank(character: string): boolean {
  // Asked about every character: a pattern is slow, and most are of these.
  return !(character > ' ' && character <= '~') && /\s/.test(character)
}

/** Tells whether one is inside a string of a JSON object. A line break ends both: JSON has none in a string. */
class JsonStrings {
  isInside = false
  #depth = 0
  #isEscaped = false
  /** Characters since a `{` outside of any object, from 1; it counts as one if a string follows it soon. */
  #sinceBrace = 0

  take(character: string): void {
    if (this.isInside) {
      if (this.#isEscaped) this.#isEscaped = false
      else if (character === '\\') this.#isEscaped = true
      else if (character === '"') this.isInside = false
      else if (character === '\n') {
        this.isInside = false
        this.#depth = 0
      }
      return
    }
    if (character === '"') {
      if (this.#sinceBrace > 0 && this.#sinceBrace < 40) this.#depth = 1
      this.isInside = this.#depth > 0
    }
    if (this.#sinceBrace > 0) this.#sinceBrace = isBlank(character) ? this.#sinceBrace + 1 : 0
    if (character === '{') {
      if (this.#depth > 0) this.#depth++
      else this.#sinceBrace = 1
    } else if (character === '}') this.#depth = Math.max(0, this.#depth - 1)
  }
}

/** The same for a text that is there as a whole. */
export function splitThinkTags(text: string): { readonly reasoning: string; readonly answer: string } {
  const splitter = createThinkSplitter()
  const parts = { reasoning: '', answer: '' }
  for (const piece of [...splitter.push(text), ...splitter.end()]) parts[piece.kind] += piece.text
  return parts
}

/**
 * Where the answer begins in thinking that was never closed, searched from `from` on; the end of the text where
 * there is none. It is the last top-level JSON object (with its fence) that begins a line and is longer than what
 * follows it, so that a draft between thoughts is no answer; it may be cut off. Failing that, an object in the
 * middle of a line with which the text ends.
 */
function findUnclosedAnswer(text: string, from: number): number {
  const starts: number[] = []
  for (const match of text.slice(from).matchAll(/\{\s*["}]/g)) {
    const start = from + match.index
    if (!isInner(text, start)) starts.push(start)
  }
  const last = starts.findLast((start) => beginsLine(text, start))
  if (last !== undefined) {
    const end = objectEnd(text, last) ?? text.length
    return text.length - end < end - last ? withFence(text, last, from) : text.length
  }
  if (!/[}`]\s*$/.test(text.slice(-100))) return text.length
  // Objects that end are soon passed; of braces that never close, each is looked through to the end of the text.
  let budget = 20 * text.length
  const inline = starts.find((start) => {
    if (budget < 0) return false
    const end = objectEnd(text, start)
    budget -= (end ?? text.length) - start
    return end !== null && /^\s*(?:```\s*)?$/.test(text.slice(end))
  })
  return inline === undefined ? text.length : withFence(text, inline, from)
}

/** One past the closing brace, or null where the object does not end. */
function objectEnd(text: string, start: number): number | null {
  let depth = 0
  let inString = false
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at++
      else if (character === '"' || character === '\n') inString = false
    } else if (character === '{') depth++
    else if (character === '}' && --depth === 0) return at + 1
    else if (character === '"') inString = true
  }
  return null
}

/** Whether only blanks stand before it in its line, or a fence. By hand: a pattern would be tried all along the line. */
function beginsLine(text: string, start: number): boolean {
  const skip = (from: number, pattern: RegExp): number => {
    let at = from
    while (at > 0 && pattern.test(text.charAt(at - 1))) at--
    return at
  }
  const begins = (at: number): boolean => at === 0 || text.charAt(at - 1) === '\n'
  const before = skip(start, /[ \t]/)
  if (begins(before)) return true
  const word = skip(before, /\w/)
  return text.slice(Math.max(0, word - 3), word) === FENCE && begins(skip(word - 3, /[ \t]/))
}

/** An object inside another JSON value comes after `[`, `"key":`, or a comma that follows a JSON value. */
function isInner(text: string, start: number): boolean {
  const before = lastNonBlank(text, start)
  if (text[before] === '[') return true
  if (text[before] === ':') return text[lastNonBlank(text, before)] === '"'
  return text[before] === ',' && /[}\]"\d]/.test(text[lastNonBlank(text, before)] ?? '')
}

function lastNonBlank(text: string, before: number): number {
  let at = before - 1
  while (at >= 0 && /\s/.test(text[at] ?? '')) at--
  return at
}

function withFence(text: string, start: number, from: number): number {
  const fence = /```\w*\s*$/.exec(text.slice(Math.max(from, start - 40), start))
  return fence === null ? start : start - fence[0].length
}
