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
const ANSWER_AT_ONCE = /^\s*(?:\{\s*["}]|```)/
const NO_ANSWER_AT_ONCE = /^\s*(?:[^\s{`]|`[^`]|``[^`]|\{\s*[^\s"}])/
const ANSWER_OR_TAG = /\{\s*["}]|```|<\/?think>/g
const TAG = /<\/?think>/g
const BEGINS_LINE = /(?:^|\n)[ \t]*$/

type State = 'undecided' | 'thinking' | 'between' | 'answering'

export function createThinkSplitter(): ThinkSplitter {
  let state: State = 'undecided'
  let held = ''
  /** Up to where `held` has been searched for tags. */
  let searched = 0
  /** All thinking since the opening tag that was let out already: tells what stands before a `{`. */
  let thought = ''
  /** Only a tag changes anything now: a long text held back need not be looked at for every token. */
  let waitsForTag = false
  let tail = ''

  function release(pieces: ThinkPiece[], kind: ThinkPiece['kind'], length: number): void {
    const text = held.slice(0, length)
    held = held.slice(length)
    searched = 0
    if (state === 'thinking') thought += text
    if (text !== '') pieces.push({ kind, text })
  }

  function enter(next: State, tag: string): true {
    state = next
    held = held.slice(tag.length)
    thought = ''
    waitsForTag = false
    return true
  }

  function decide(pieces: ThinkPiece[]): boolean {
    if (ANSWER_AT_ONCE.test(held)) return enter('answering', '')
    const tag = findTag(held, searched)
    if (tag === null) {
      searched = Math.max(0, held.length - CLOSING.length)
      waitsForTag = NO_ANSWER_AT_ONCE.test(held)
      return false
    }
    const isBlank = held.slice(0, tag.index).trim() === ''
    release(pieces, tag.closing || isBlank ? 'reasoning' : 'answer', tag.index)
    return tag.closing ? enter('between', CLOSING) : enter('thinking', OPENING)
  }

  function think(pieces: ThinkPiece[]): boolean {
    const mark = held.search(/\{|```/)
    const closing = findClosing(held, mark < 0 ? 0 : searched)
    if (closing >= 0) {
      release(pieces, 'reasoning', closing)
      return enter('between', CLOSING)
    }
    if (mark < 0) {
      release(pieces, 'reasoning', held.length - unfinishedMark(held))
      return false
    }
    if (mark > 0) release(pieces, 'reasoning', mark)
    waitsForTag = true
    searched = Math.max(0, held.length - CLOSING.length)
    return false
  }

  function goBetween(pieces: ThinkPiece[]): boolean {
    for (const match of held.matchAll(ANSWER_OR_TAG)) {
      if (match[0] === CLOSING) {
        release(pieces, 'reasoning', match.index)
        return enter('between', CLOSING)
      }
      if (match[0] !== OPENING) return enter('answering', '')
      const before = held.slice(0, match.index)
      if (!BEGINS_LINE.test(before)) continue
      release(pieces, before.trim() === '' ? 'reasoning' : 'answer', match.index)
      return enter('thinking', OPENING)
    }
    return false
  }

  function push(text: string): readonly ThinkPiece[] {
    const pieces: ThinkPiece[] = []
    held += text
    const recent = tail + text
    tail = recent.slice(-CLOSING.length)
    if (waitsForTag && !recent.includes('think>')) return pieces
    for (let again = true; again;) {
      if (state === 'undecided') again = decide(pieces)
      else if (state === 'thinking') again = think(pieces)
      else if (state === 'between') again = goBetween(pieces)
      else again = false
    }
    if (state === 'answering') release(pieces, 'answer', held.length)
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
    if (state === 'undecided') state = 'between'
  }

  return { push, end, thoughtElsewhere }
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
  const last = starts.findLast((start) =>
    /(?:^|\n)[ \t]*(?:```\w*[ \t]*)?$/.test(text.slice(lineStart(text, start), start)),
  )
  if (last !== undefined) {
    const end = objectEnd(text, last) ?? text.length
    return text.length - end < end - last ? withFence(text, last, from) : text.length
  }
  if (!/[}`]\s*$/.test(text.slice(-100))) return text.length
  const inline = starts.find((start) => {
    const end = objectEnd(text, start)
    return end !== null && /^\s*(?:```\s*)?$/.test(text.slice(end))
  })
  return inline === undefined ? text.length : withFence(text, inline, from)
}

function findTag(text: string, from: number): { readonly index: number; readonly closing: boolean } | null {
  for (const match of text.slice(from).matchAll(TAG)) {
    const index = from + match.index
    const closing = match[0] === CLOSING
    if (closing ? !isInJsonString(text, index) : BEGINS_LINE.test(text.slice(lineStart(text, index), index)))
      return { index, closing }
  }
  return null
}

function findClosing(text: string, from: number): number {
  let index = text.indexOf(CLOSING, from)
  while (index >= 0 && isInJsonString(text, index)) index = text.indexOf(CLOSING, index + 1)
  return index
}

/** Whether the place lies in a string of a JSON object. A line break ends both: JSON has none in a string. */
function isInJsonString(text: string, index: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < index; at++) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at++
      else if (character === '"') inString = false
      else if (character === '\n') [inString, depth] = [false, 0]
    } else if (character === '{') {
      if (depth > 0 || /^\{\s*"/.test(text.slice(at, at + 40))) depth++
    } else if (character === '}') depth = Math.max(0, depth - 1)
    else if (character === '"') inString = depth > 0
  }
  return inString
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

function lineStart(text: string, index: number): number {
  return index === 0 ? 0 : text.lastIndexOf('\n', index - 1) + 1
}

/** How many characters at the end may be the beginning of a closing tag or a fence. */
function unfinishedMark(text: string): number {
  for (let length = CLOSING.length - 1; length > 0; length--) {
    const tail = text.slice(-length)
    if (tail.length === length && (CLOSING.startsWith(tail) || FENCE.startsWith(tail))) return length
  }
  return 0
}
