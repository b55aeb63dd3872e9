import type { Chunk, ChunkUnit } from '../model/chunk.ts'
import type { DocumentKind } from '../model/document.ts'
import { estimateTokens } from '../model/tokens.ts'

/** What is measured of a chunk before anybody is asked about it. Words are counted as English has them. */
export interface ChunkFeatures {
  readonly kind: DocumentKind
  /** By estimate. */
  readonly tokens: number
  readonly units: number
  /** Different names: runs of capitalised words, see {@link countNames}. */
  readonly names: number
  /** Words that leave open whether something is so: `maybe`, `might`, `we plan to`. */
  readonly hedges: number
  /** Words that deny: `not`, `no longer`, `never`. */
  readonly negations: number
  /** Different people who speak in it. */
  readonly speakers: number
  /** Whether it shows what a table is like, or most of its units are rows of one. */
  readonly table: boolean
}

/** Measures a chunk: pure, without a model, in time proportional to its length. */
export function chunkFeatures(chunk: Chunk, kind: DocumentKind): ChunkFeatures {
  const { units, text } = chunk
  const speakers = new Set(units.flatMap(({ place }) => place.speaker ?? []))
  const count = (words: RegExp): number => units.reduce((sum, unit) => sum + (unit.text.match(words)?.length ?? 0), 0)
  return {
    kind,
    tokens: estimateTokens(text),
    units: units.length,
    names: countNames(units),
    hedges: count(HEDGE) + count(MAY),
    negations: count(NEGATION),
    speakers: speakers.size,
    table: chunk.holds !== undefined || units.filter(isRow).length * 2 > units.length,
  }
}

const HEDGE =
  /\b(?:maybe|perhaps|possibly|probably|presumably|apparently|allegedly|reportedly|supposedly|might|could|would|should|seems?|likely|unclear|unsure|not sure|rumou?rs?|if|whether|unless|(?:i|we) (?:think|guess|believe|hope|assume)|(?:plan|plans|planned|intend|intends|hope|hopes|expected|supposed) to|considering|tentative(?:ly)?|plan b)\b/giu
/** The month has a capital. */
const MAY = /\bmay\b/gu
const NEGATION = /\b(?:not|never|no|none|nobody|neither|nor|without|cannot|nothing)\b|n['’]t\b/giu

/** Words that open a sentence with a capital and are no part of a name behind them. */
const OPENERS = new Set(
  `The A An This That These Those It He She We They You In On At As If When While And But Or So For From To By With Not No Yes
  Our My Your His Her Their Its There Here What Who Why How Where Which Is Are Was Were Do Does Did Has Have Had Can Could
  Will Would Should May Might Must Please Then Also Only`.split(/\s+/),
)
const NAME = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{N}’'&-]*(?:[ ](?:\p{Lu}[\p{L}\p{N}’'&-]*|\d+\b))*/gu
const SENTENCE_END = /(?:^|[.!?:;…•|\n])["“”’'()\s]*$/u

/**
 * Different names in the units: runs of words with capitals. A lone word that opens a sentence counts only where it has a
 * capital elsewhere too. Languages that write all nouns with one have more; headings, whose capitals mean little, count
 * not at all.
 */
export function countNames(units: readonly ChunkUnit[]): number {
  const sure = new Set<string>()
  for (const unit of units) {
    if (unit.kind === 'heading') continue
    for (const match of unit.text.matchAll(NAME)) {
      const words = match[0].replace(/['’]s\b/gu, '').split(' ')
      const isOpening = SENTENCE_END.test(unit.text.slice(Math.max(0, match.index - 8), match.index))
      // In the midst of a sentence only the article goes.
      const first = words.findIndex((word) => word !== 'The' && !(isOpening && OPENERS.has(word)))
      const name = first < 0 ? '' : words.slice(first).join(' ')
      if (name.length < 2 || (isOpening && words.length === 1 && !/^\p{Lu}{2,}|\d/u.test(name))) continue
      sure.add(name.toLowerCase())
    }
  }
  return sure.size
}

function isRow({ kind }: ChunkUnit): boolean {
  return kind === 'row' || kind === 'cell' || kind === 'profile'
}
