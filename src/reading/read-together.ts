import { extract, type Alignment, type Extraction } from '../extract/extract.ts'
import type { Chunk } from '../model/chunk.ts'
import type { Document } from '../model/document.ts'
import type { Note } from '../model/note.ts'
import type { Proposal } from '../model/proposal.ts'
import type { DatedRule } from '../model/reading-rule.ts'
import { LINK_STEPS, type Reply, type StepName } from '../model/reply.ts'
import type { Schema } from '../model/schema.ts'
import { claimOf, uniteMentions } from './claims.ts'
import { uniteReadings } from './samples.ts'
import { withChecks } from './with-checks.ts'

/** A reply with what aligns its trace; absent: it is done offline. */
export interface Said {
  readonly reply: Reply
  readonly alignment?: Alignment | undefined
}

/** What replies are about, and by what they are read. */
export interface ReadAbout {
  readonly chunk: Chunk
  readonly document: Pick<Document, 'path' | 'title' | 'date'>
  readonly schema: Schema
  readonly rules: readonly DatedRule[]
}

/** Whether a reply answers with links, which its trace argues for. */
export function saysLinks({ step }: Reply): boolean {
  return step === undefined || LINK_STEPS.has(step.name)
}

/** Makes one extraction of the first reply about a chunk and those of further steps; a pure function. */
export function readTogether([first, ...further]: readonly [Said, ...Said[]], about: ReadAbout): Extraction {
  const of = (name: StepName): Said[] => further.filter(({ reply }) => reply.step?.name === name)
  const gleaned = of('gleaning').reduce((reading, said) => addGleaned(reading, read(said, about)), read(first, about))
  const united = uniteReadings([gleaned, ...of('sample').map((said) => read(said, about))])
  return withChecks(
    united,
    further.map(({ reply }) => reply),
  )
}

export function read({ reply, alignment }: Said, { chunk, document, schema, rules }: ReadAbout): Extraction {
  return extract(reply, chunk, document, schema, alignment, rules)
}

/** What is said of the chunk, and not of the answer; the first reply says it. */
const OF_CHUNK: ReadonlySet<string> = new Set(['addresses-model', 'no-links', 'no-mapping'])

/** Links that were missed stand beside those of the first reply; such as are there already are left out, with a note. */
function addGleaned(reading: Extraction, gleaned: Extraction): Extraction {
  const known = new Set(reading.proposals.map(claimOf))
  const [again, fresh] = [true, false].map((isKnown) =>
    gleaned.proposals.filter((proposal) => known.has(claimOf(proposal)) === isKnown),
  ) as [Proposal[], Proposal[]]
  const left = again.map(({ index }): Note => ({
    code: 'repeated-link',
    message: 'says the same as a link of the first reply',
    where: `links[${index}]`,
  }))
  const own = gleaned.notes.filter(({ code }) => !OF_CHUNK.has(code))
  const isEmpty = reading.proposals.length + fresh.length === 0
  return {
    ...reading,
    mentions: uniteMentions([...reading.mentions, ...gleaned.mentions]),
    proposals: [...reading.proposals, ...fresh],
    notes: [
      ...reading.notes.filter(({ code }) => isEmpty || code !== 'no-links'),
      ...[...own, ...left].map((note) => ({ ...note, where: `gleaning ${note.where ?? ''}`.trim() })),
    ],
  }
}
