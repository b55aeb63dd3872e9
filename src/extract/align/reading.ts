import type { Answer, AnswerLink } from '../../model/answer.ts'
import { readCues, type Cues } from './cues.ts'
import { placeInDiscourse, type Discourse } from './discourse.ts'
import { nameFinder, type NamedThing } from './names.ts'
import { familiarRegions } from './regions.ts'
import { sentencesOf, type Sentence } from './sentences.ts'
import { unitFinder, type UnitMentions } from './unit-mentions.ts'
import { fold, stem, Vocabulary } from './words.ts'

export interface AlignUnit {
  readonly s: number
  readonly speaker: string | null
  readonly text: string
}

export interface AlignInput {
  readonly reasoning: string
  readonly answer: Answer
  readonly units: readonly AlignUnit[]
}

type Sharing = 'typeAndObject' | 'typeAndSubject' | 'objectOrType' | 'subjectOrType' | 'type' | 'unit' | 'any'

/** Something that a sentence may argue for: a link of the answer, or a rejected entry, which competes with them. */
export interface Candidate {
  /** Null for a rejected entry. */
  readonly link: AnswerLink | null
  /** Positions in the list of things that strengths are given for. */
  readonly subject: number
  readonly object: number
  readonly type: string
  readonly typeStems: readonly number[]
  readonly units: ReadonlySet<number>
  /** 1 for each unit of the source that it quotes, by position. */
  readonly quotesUnit: Uint8Array
  readonly quotes: readonly Int32Array[]
  readonly quoteStems: Int32Array
  /** How telling each of the stems is: in the source, and of this link among the others. */
  readonly stemWeights: Float64Array
  readonly stemLinkWeights: Float64Array
  readonly when: string | null
  /** Other candidates that have these in common with it; `any`: type and one end, or a unit. */
  readonly sharing: Readonly<Record<Sharing, number[]>>
}

interface WordedSentence extends Sentence {
  readonly text: string
  readonly words: readonly number[]
  readonly stems: readonly number[]
}

/** A sentence with all that is read off it by itself, without looking at any link. */
export interface SingleSentence extends Sentence, UnitMentions {
  readonly text: string
  readonly cues: Cues
  readonly words: Int32Array
  readonly stems: Int32Array
  readonly folded: string
  /** Link types written in capitals, by their stem: OWN and OWNS are one. */
  readonly types: ReadonlySet<string>
  /** How surely each thing is named, 0 to 1. */
  readonly strengths: Float64Array
  /** How like each unit of the source it is, by the words in common. */
  readonly likeness: Float64Array
  /** The positions of units that it is like at all. */
  readonly alike: readonly number[]
}

export interface ReadSentence extends SingleSentence, Discourse {}

/** A part of a trace, and answer and source, prepared for comparing. The links come first, then the rejected. */
export interface Reading {
  readonly sentences: readonly ReadSentence[]
  readonly candidates: readonly Candidate[]
  readonly linkCount: number
  /** Stems are numbers below this. */
  readonly stemCount: number
  /** In how many links a thing stands, and in how many a unit is quoted. */
  readonly linksWithThing: readonly number[]
  readonly linksWithUnit: ReadonlyMap<number, number>
}

/** Words of a quote beyond this are not compared. */
const LONGEST_QUOTE = 60
const CAPITALS = /(?<![\p{L}\p{N}_])\p{Lu}[\p{Lu}\p{N}]+(?:_[\p{Lu}\p{N}]+)*(?![\p{L}\p{N}_])/gu
const SHORT_TEXT_WEIGHT = 1.5
/** Some 25,000 sentences with ten links, 1,500 with two hundred. */
const MOST_CELLS = 1_000_000

/**
 * Trace, answer and source, read and compared in parts, so that memory stays bounded: a part has at most `cells` numbers
 * for its sentences and what they are compared with. All but enormous traces are one part.
 */
export function* readTrace({ reasoning, answer, units }: AlignInput, cells = MOST_CELLS): Generator<Reading> {
  const vocabulary = new Vocabulary()
  const { unitWords, sourceStems, weightOf, likenessFinder } = sourceWords(units, vocabulary)
  const { things, candidates } = listCandidates(answer, units, vocabulary)
  const nameStrengths = nameFinder(things, vocabulary, weightOf)
  const unitMentions = unitFinder(units, unitWords, vocabulary)

  const familiarStems = new Set(sourceStems)
  for (const name of things.flatMap((thing) => thing.names))
    for (const stemId of vocabulary.stems(name)) familiarStems.add(stemId)
  const familiarity = ({ stems }: WordedSentence) => {
    return { familiar: stems.filter((stemId) => familiarStems.has(stemId)).length, all: stems.length }
  }
  const worded = sentencesOf({ reasoning, answer }).map((sentence): WordedSentence => {
    const text = reasoning.slice(sentence.start, sentence.end)
    const words = vocabulary.words(text)
    return { ...sentence, text, words, stems: vocabulary.stemsOf(words) }
  })
  const sentencesHere = familiarRegions(worded, familiarity)

  const types = new Set(candidates.map((candidate) => candidate.type))
  const read = ({ start, end, paragraph, text, words, stems }: WordedSentence): SingleSentence => {
    const { named, wide, quoted } = unitMentions.find(text)
    const { likeness, alike } = likenessFinder(stems)
    const strengths = new Float64Array(things.length)
    nameStrengths.find(text, words, stems, strengths)
    return {
      start,
      end,
      paragraph,
      text,
      cues: readCues(text),
      named,
      wide,
      quoted,
      words: new Int32Array(words),
      stems: new Int32Array(stems),
      folded: fold(text),
      types: new Set((text.match(CAPITALS) ?? []).map(typeKey).filter((key) => key.includes('_') || types.has(key))),
      strengths,
      likeness,
      alike,
    }
  }

  const linkCount = answer.links.length
  const linksWithThing = things.map(
    (_, thing) =>
      candidates.slice(0, linkCount).filter((link) => link.subject === thing || link.object === thing).length,
  )
  const linksWithUnit = new Map<number, number>()
  for (const candidate of candidates)
    for (const s of candidate.units) linksWithUnit.set(s, (linksWithUnit.get(s) ?? 0) + 1)
  weighQuotes(candidates, linkCount, weightOf)
  const most = Math.ceil(cells / (candidates.length + things.length + units.length + 1))
  for (const part of inParts(sentencesHere, most)) {
    const sentences = placeInDiscourse(part.map(read), units)
    yield { sentences, candidates, linkCount, stemCount: vocabulary.size, linksWithThing, linksWithUnit }
  }
}

/** Parts of at most `most` sentences, between paragraphs where one ends in the second half of a part. */
function* inParts<One extends Sentence>(sentences: readonly One[], most: number): Generator<readonly One[]> {
  for (let from = 0; from < sentences.length;) {
    let to = Math.min(sentences.length, from + most)
    const paragraphEnds = (end: number): boolean => sentences[end - 1]?.paragraph !== sentences[end]?.paragraph
    for (let end = to; end > from + most / 2; end -= 1)
      if (paragraphEnds(end)) {
        to = end
        break
      }
    yield sentences.slice(from, to)
    from = to
  }
}

/** A stem is the more telling of a link, the fewer others quote it. */
function weighQuotes(candidates: readonly Candidate[], linkCount: number, weightOf: (stem: number) => number): void {
  const linksWithStem = new Map<number, number>()
  for (const { quoteStems } of candidates)
    for (const stemId of quoteStems) linksWithStem.set(stemId, (linksWithStem.get(stemId) ?? 0) + 1)
  for (const { quoteStems, stemWeights, stemLinkWeights } of candidates)
    for (const [index, stemId] of quoteStems.entries()) {
      const weight = weightOf(stemId)
      const rarity = Math.log(1 + linkCount / (linksWithStem.get(stemId) ?? 1)) / Math.log(1 + linkCount)
      stemWeights[index] = weight
      stemLinkWeights[index] = rarity * (0.4 + 0.6 * weight)
    }
}

/** How telling the words of the source are: a rare one is telling, one that it does not have counts half. */
function sourceWords(units: readonly AlignUnit[], vocabulary: Vocabulary) {
  const unitsWithStem = new Map<number, number[]>()
  const unitWords: (readonly number[])[] = []
  const speakerWords = new Map<string | null, readonly number[]>()
  const unitStems = units.map(({ speaker, text }) => {
    const named = speakerWords.get(speaker) ?? vocabulary.words(speaker ?? '')
    speakerWords.set(speaker, named)
    const said = vocabulary.words(text)
    unitWords.push(said)
    return vocabulary.stemsOf([...named, ...said])
  })
  for (const [position, stems] of unitStems.entries())
    for (const stemId of stems) {
      const list = unitsWithStem.get(stemId)
      if (list === undefined) unitsWithStem.set(stemId, [position])
      else list.push(position)
    }
  const scale = Math.log(1 + units.length)
  const weightOf = (stemId: number): number => {
    const count = unitsWithStem.get(stemId)?.length ?? 0
    return count === 0 ? 0.5 : Math.log(1 + units.length / count) / scale
  }
  const total = (stems: readonly number[]): number => stems.reduce((sum, stemId) => sum + weightOf(stemId), 0)
  const unitTotals = unitStems.map(total)
  const likenessFinder = (stems: readonly number[]) => {
    const likeness = new Float64Array(units.length)
    const alike: number[] = []
    let own = 0
    for (const stemId of stems) {
      const weight = weightOf(stemId)
      own += weight
      for (const position of unitsWithStem.get(stemId) ?? []) {
        const before = likeness[position] ?? 0
        if (before === 0) alike.push(position)
        likeness[position] = before + weight
      }
    }
    for (const position of alike) {
      const shorter = Math.min(own, unitTotals[position] ?? 0)
      likeness[position] = (likeness[position] ?? 0) / Math.max(SHORT_TEXT_WEIGHT, shorter)
    }
    return { likeness, alike }
  }
  return { unitWords, sourceStems: unitsWithStem.keys(), weightOf, likenessFinder }
}

/** `CO_OWNS` and `CO_OWN` alike: what a type's words come to without endings. */
function typeKey(type: string): string {
  return fold(type).split('_').map(stem).join('_')
}

function listCandidates(
  answer: Answer,
  units: readonly AlignUnit[],
  vocabulary: Vocabulary,
): { things: NamedThing[]; candidates: Candidate[] } {
  const things: NamedThing[] = []
  const thingById = new Map<string, number>()
  const thingByName = new Map<string, number>()
  for (const entity of answer.entities) {
    const position = things.length
    const names = [entity.name, ...entity.aliases]
    things.push({ names, isPerson: /person/i.test(entity.type) })
    thingById.set(entity.id, position)
    for (const name of names) if (!thingByName.has(fold(name))) thingByName.set(fold(name), position)
  }
  const add = (names: readonly string[]): number => things.push({ names, isPerson: false }) - 1
  const byId = (id: string): number => {
    const position = thingById.get(id) ?? add([])
    thingById.set(id, position)
    return position
  }
  const byName = (name: string): number => {
    const position = thingByName.get(fold(name)) ?? add([name])
    thingByName.set(fold(name), position)
    return position
  }

  const candidates: Candidate[] = []
  const addCandidate = (link: AnswerLink | null, subject: number, type: string, object: number): void => {
    const quotes = (link?.evidence ?? []).map(({ quote }) => vocabulary.words(quote).slice(0, LONGEST_QUOTE))
    const quoted = new Set((link?.evidence ?? []).map(({ s }) => s))
    const quoteStems = new Int32Array(vocabulary.stemsOf(quotes.flat()))
    candidates.push({
      link,
      subject,
      object,
      type: typeKey(type),
      typeStems: vocabulary.stems(type.replaceAll('_', ' ')),
      units: quoted,
      quotesUnit: new Uint8Array(units.map(({ s }) => (quoted.has(s) ? 1 : 0))),
      quotes: quotes.map((words) => new Int32Array(words)),
      quoteStems,
      stemWeights: new Float64Array(quoteStems.length),
      stemLinkWeights: new Float64Array(quoteStems.length),
      when: link?.when == null ? null : fold(link.when),
      sharing: {
        typeAndObject: [],
        typeAndSubject: [],
        objectOrType: [],
        subjectOrType: [],
        type: [],
        unit: [],
        any: [],
      },
    })
  }
  for (const link of answer.links) addCandidate(link, byId(link.subject), link.type, byId(link.object))
  for (const entry of answer.rejected) addCandidate(null, byName(entry.subject), entry.type, byName(entry.object))
  findSiblings(candidates)
  return { things, candidates }
}

function findSiblings(candidates: readonly Candidate[]): void {
  for (const one of candidates)
    for (const [position, other] of candidates.entries()) {
      if (other === one) continue
      const { sharing } = one
      const sameType = other.type === one.type
      const sameSubject = other.subject === one.subject
      const sameObject = other.object === one.object
      const sameUnit = [...other.units].some((s) => one.units.has(s))
      if (sameType) sharing.type.push(position)
      if (sameObject || sameType) sharing.objectOrType.push(position)
      if (sameSubject || sameType) sharing.subjectOrType.push(position)
      if (sameType && sameObject) sharing.typeAndObject.push(position)
      if (sameType && sameSubject) sharing.typeAndSubject.push(position)
      if (sameUnit) sharing.unit.push(position)
      if (sameUnit || (sameType && (sameObject || sameSubject))) sharing.any.push(position)
    }
}
