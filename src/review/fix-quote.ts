import { asShown } from '../extract/as-shown.ts'
import { flagged, locate } from '../extract/evidence.ts'
import { groundQuote } from '../extract/ground.ts'
import { flagsOf } from '../extract/injection/flag-units.ts'
import type { Chunk } from '../model/chunk.ts'
import { RefusedError } from '../model/errors.ts'
import type { Evidence } from '../model/proposal.ts'
import type { StoredDocument } from '../store/records.ts'

/** A chunk in which quotes are looked for, with its document. */
export interface Text {
  readonly chunk: Chunk
  readonly document: Pick<StoredDocument, 'path' | 'title' | 'date'>
}

/** A text with what is quoted of it. */
export interface Quoted extends Text {
  readonly evidence: readonly Evidence[]
}

/**
 * Finds each quote in one of the texts, letter for letter where it can, else folded as a model's quotes are; by text.
 * @throws RefusedError where one stands in none of them: no link is without its source's own words
 */
export function findQuotes(quotes: readonly string[], texts: readonly Text[]): Quoted[] {
  const found = quotes.map((quote) => {
    const all = texts.flatMap((text) => ({ text, evidence: quoteIn(quote, text) }))
    const located = all.filter(({ evidence }) => evidence !== null)
    return located.find(({ evidence }) => evidence?.grounding === 'exact') ?? located[0] ?? refuse(quote, texts)
  })
  return [...Map.groupBy(found, ({ text }) => text)].map(([text, own]) => ({
    ...text,
    evidence: own.flatMap(({ evidence }) => evidence ?? []),
  }))
}

function quoteIn(quote: string, { chunk, document }: Text): Evidence | null {
  // A profile is whygraph's own words, not the source's.
  const units = chunk.units.flatMap((unit) => (unit.kind === 'profile' ? [] : { ...unit, text: asShown(unit.text) }))
  const grounded = units.flatMap((unit) => groundQuote(quote, unit.s, [unit]) ?? [])
  const best = grounded.find(({ grounding }) => grounding === 'exact') ?? grounded[0]
  if (best === undefined) return null
  const evidence = locate({ s: best.unit.s, quote }, units, chunk, document.path)
  return flagged(evidence, flagsOf(chunk, document.title))
}

function refuse(quote: string, texts: readonly Text[]): never {
  const paths = [...new Set(texts.map(({ document }) => document.path))]
  const where = paths.length === 0 ? 'a text that is there' : paths.slice(0, 3).join(', ')
  const chunks = [...new Set(texts.map(({ chunk }) => chunk.id.slice(0, 8)))].slice(0, 3)
  throw new RefusedError('no-quote', `“${quote}” does not stand in ${where}`, {
    hint: `A quote is the source's own words, copied from within one unit. ${chunks.map((id) => `'whygraph show ${id}'`).join(', ')} prints them.`,
  })
}
