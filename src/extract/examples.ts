import type { DecidedCase } from '../model/example.ts'
import { contentId } from '../model/ids.ts'
import type { Question } from '../model/question.ts'
import type { Schema } from '../model/schema.ts'
import { estimateTokens } from '../model/tokens.ts'
import { renderExamples } from './examples-block.ts'
import { cut, isHarmless } from './fence.ts'
import { renderPrompt } from './prompt.ts'

/** Decided links that prompts may show. */
export interface Examples {
  /** Changes with what people decided, and not with the order or the words in which it is shown. */
  readonly hash: string
  /** In the order in which they are shown, as far as there is room. */
  readonly shown: readonly Shown[]
  /** Tokens that they may take in a prompt, whatever else is in it; null: what is left of {@link PROMPT_TOKENS}. */
  readonly tokens: number | null
}

interface Shown {
  readonly line: string
  /** Of the link and its document; null of a pattern, which is of many. */
  readonly id: string | null
  readonly document: string | null
  readonly type: string
}

/** Tokens of a prompt with examples, at most: what a chunk of 4,000 characters takes without. */
const PROMPT_TOKENS = 1500
/** Left for the known names, which are looked up when the chunk's turn comes. */
const KNOWN_TOKENS = 60
const MOST_SHOWN = 12
/** So many rejections of one type for one reason are a pattern. */
const PATTERN = 3
const MOST_PATTERNS = 5
/** Room for the fence and what it says; its tag may bear a number. */
const FRAME_TOKENS = estimateTokens(renderExamples({ lines: ['x'], ids: [] }).join('\n\n')) + 3

/**
 * Arranges decided links as examples: patterns of rejection first, then rejected and accepted ones in turn, of each type one
 * before any has two, the shortest first. What speaks to the model is no example.
 */
export function examplesOf(cases: readonly DecidedCase[], tokens: number | null): Examples {
  const usable = cases.filter(speaksToNobody).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const told = usable.map(({ id, verdict, reason, subject, type, object, quotes }) => {
    return JSON.stringify([id, verdict, reason, subject, type, object, quotes.map(({ quote }) => quote)])
  })
  const [rejected, accepted] = (['reject', 'accept'] as const).map((verdict) =>
    typeByType(usable.filter((one) => one.verdict === verdict)),
  ) as [Shown[], Shown[]]
  const inTurn = Array.from({ length: Math.max(rejected.length, accepted.length) }, (_, index) => [
    ...rejected.slice(index, index + 1),
    ...accepted.slice(index, index + 1),
  ])
  const hash = contentId('examples', String(tokens ?? ''), ...told)
  return { hash, shown: [...patternsIn(usable), ...inTurn.flat()], tokens }
}

/**
 * The question with as many examples as there is room for, none of the chunk's own document or of a type that is not asked for.
 * Beside a chunk of the usual size there may be room for none, where nobody says how much they may take.
 */
export function withExamples(question: Question, examples: Examples | null, documentId: string): Question {
  if (examples === null || question.asksFor !== undefined) return question
  const rest = PROMPT_TOKENS - KNOWN_TOKENS - estimateTokens(renderPrompt({ ...question, known: [] }))
  let room = (examples.tokens ?? rest) - FRAME_TOKENS
  const lines: string[] = []
  const ids: string[] = []
  for (const { line, id, document, type } of examples.shown) {
    if (lines.length >= MOST_SHOWN) break
    const tokens = estimateTokens(`${line}\n`)
    if (tokens > room || document === documentId || !isAskedFor(type, question.schema)) continue
    room -= tokens
    lines.push(line)
    if (id !== null) ids.push(id)
  }
  return lines.length === 0 ? question : { ...question, examples: { lines, ids } }
}

function isAskedFor(type: string, { open, linkTypes }: Schema): boolean {
  return open || linkTypes.some(({ name }) => name === type)
}

function speaksToNobody({ subject, object, type, reason, quotes }: DecidedCase): boolean {
  const texts = [subject.name, subject.type, object.name, object.type, type, reason ?? '', quotes[0]?.quote ?? '']
  return texts.every(isHarmless)
}

function typeByType(cases: readonly DecidedCase[]): Shown[] {
  const groups = [...Map.groupBy(cases, ({ type }) => type).values()]
    .map((group) => group.map(lineOf).toSorted((a, b) => a.line.length - b.line.length || (a.line < b.line ? -1 : 1)))
    .toSorted((a, b) => b.length - a.length || ((a[0]?.type ?? '') < (b[0]?.type ?? '') ? -1 : 1))
  const longest = Math.max(0, ...groups.map((group) => group.length))
  return Array.from({ length: longest }, (_, index) => groups.flatMap((group) => group.slice(index, index + 1))).flat()
}

/** `no, wrong direction: Kestrel (Project) LEADS Ana Ruiz (Person): "Ana Ruiz leads Kestrel"` */
function lineOf({ id, verdict, reason, subject, type, object, quotes, document }: DecidedCase): Shown {
  const judged = verdict === 'accept' ? 'yes' : ['no', ...reasonOf(reason)].join(', ')
  const [from, to] = [subject, object].map((end) => `${cut(end.name, 80)} (${cut(end.type, 40)})`)
  const line = `${judged}: ${from} ${cut(type, 60)} ${to}: "${cut(quotes[0]?.quote ?? '', 200)}"`
  return { line, id, document, type }
}

/** Why, where it is said in a few plain words, as the desk's keys say it: a remark is for people. */
function reasonOf(reason: string | null): string[] {
  return reason !== null && /^[\p{L}\p{M} ]{1,40}$/u.test(reason) ? [reason] : []
}

function patternsIn(cases: readonly DecidedCase[]): Shown[] {
  const rejected = cases.flatMap(({ verdict, reason, type, id }) =>
    verdict === 'accept' ? [] : reasonOf(reason).map((why) => ({ type, why, id })),
  )
  const groups = [...Map.groupBy(rejected, ({ type, why }) => `${type}, ${why}`)]
  return groups
    .filter(([, group]) => group.length >= PATTERN)
    .toSorted(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1))
    .slice(0, MOST_PATTERNS)
    .map(([pattern, { length, 0: first }]) => {
      const line = `often no: ${cut(pattern, 100)} (${length} times)`
      return { line, id: null, document: null, type: first?.type ?? '' }
    })
}
