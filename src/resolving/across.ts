import { isLoneName } from '../model/entity.ts'
import { endsOf } from '../model/link.ts'
import { crowdedIn } from '../resolve/identity/identity.ts'
import { createOwnJudge, type OwnJudgements } from '../resolve/identity/judge-own.ts'
import { ACROSS, proposeIdentity, type IdentityProposal, type Sighting } from '../resolve/identity/propose.ts'
import { birthsIn, mentionsOf, readBirths, type Birth } from '../store/births.ts'
import type { GraphReader, GraphWriter } from '../store/database.ts'
import type { Derivation } from '../store/derivation.ts'
import { NO_NAME_CHANGES, replaceJudged, type NameChanges } from '../store/judged.ts'
import { addMarks, MARK, namesAny, readMark, restProperties, type Mark } from '../store/marks.ts'
import { createLookUp, keysOfNames, updateNames, type LookUp } from '../store/names.ts'
import { readProposal } from '../store/records.ts'
import { createBreather, type Breathe } from './breather.ts'
import { createSight } from './sight.ts'
import { holdResolution } from './hold.ts'

/** Entities whose names are judged in one transaction: few enough that a reviewer gets in between. */
const AT_ONCE = 60

/** What was done for some of the entities that documents' marks name. */
export interface AcrossStep {
  readonly changes: NameChanges
  /** Ids of them. */
  readonly judged: readonly string[]
  /** There are more. */
  readonly isMore: boolean
}

/**
 * Looks up the names of some entities that the marks of some documents name among those of all documents, and judges them,
 * and all whose judgement their names bear on, from scratch. What is judged is a function of the entities as they were born
 * and of their names, whatever has been joined or decided, so that the order in which documents were read leaves no trace.
 * One transaction, with what is left to do in the marks; such as are not to be judged any more are taken off them.
 * @throws the signal's reason where it is given before anything is put: then nothing is done
 */
export async function judgeAcross(
  writer: GraphWriter,
  derivation: Derivation,
  documentIds: readonly string[],
  {
    isOver = () => false,
    signal,
  }: { readonly isOver?: (id: string) => boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<AcrossStep> {
  await holdResolution(writer)
  const documents = await writer.lock('Document', documentIds.toSorted(), MARK)
  const marks = documents.flatMap(({ id, properties }) => {
    const mark = readMark(properties)
    return mark === undefined ? [] : [{ id, mark }]
  })
  const [first] = marks
  if (first === undefined) return { changes: NO_NAME_CHANGES, judged: [], isMore: false }
  const { gained, lost } = addMarks(...marks.map(({ mark }) => mark))
  const all = [...new Set([...lost, ...gained])].filter((id) => !isOver(id)).toSorted()
  const batch = all.slice(0, AT_ONCE)
  const done = new Set(batch)
  const isLeft = (id: string): boolean => !done.has(id) && !isOver(id)
  const rest = marks.map(({ id, mark: { gained: won, lost: gone } }) => {
    return { id, mark: { gained: won.filter(isLeft), lost: gone.filter(isLeft) } }
  })
  // Taken off before, since what is judged may mark documents again.
  await putMarks(writer, rest)
  const { changes, further } = await judgeNames(writer, derivation, batch, {
    lost: new Set(lost),
    breathe: createBreather(signal),
  })
  const ids = marks.map(({ id }) => id)
  const now = (await writer.get('Document', ids, MARK)).map(({ id, properties }) => {
    return { id, mark: addMarks(readMark(properties), { gained: id === first.id ? further : [], lost: [] }) }
  })
  await putMarks(writer, now)
  return { changes, judged: batch, isMore: now.some(({ mark }) => namesAny(mark)) }
}

async function putMarks(writer: GraphWriter, marks: readonly { id: string; mark: Mark }[]): Promise<void> {
  await writer.patchNodes(
    'Document',
    marks.map(({ id, mark }) => ({ id, properties: restProperties(mark) })),
  )
}

interface JudgeOptions {
  /** Those that lost a mention. */
  readonly lost?: ReadonlySet<string>
  readonly breathe?: Breathe
}

/**
 * Judges the names of some entities, and of all whose judgement these bear on. Those that lost a mention may be named by
 * nothing any more: then nothing is said of them. `further` are those that an index which finds other things now bears on
 * beside.
 */
export async function judgeNames(
  writer: GraphWriter,
  derivation: Derivation,
  batch: readonly string[],
  { lost = new Set(), breathe = createBreather(undefined) }: JudgeOptions = {},
): Promise<{ readonly changes: NameChanges; readonly further: readonly string[] }> {
  const known = await readBirths(writer, batch)
  const unnamed = new Set<string>()
  for (const birth of known.values()) {
    await breathe()
    if (lost.has(birth.id) && (await mentionsOf(writer, birth).next()).done === true) unnamed.add(birth.id)
  }
  const renamed = new Map([...known].filter(([id]) => !unnamed.has(id)))
  const entities = [...new Set([...known.values()].map(({ partOf }) => partOf))]
  const lookUp = createLookUp(writer)
  const { fresh, touched } = await updateNames(writer, derivation, entities, lookUp)
  const judge = createJudge(writer, derivation, { lookUp, unnamed, breathe })
  const judged = await judge([...renamed.values()])
  const concerned = new Set(await judgesOf(writer, batch))
  for (const [id, { alike, owners }] of judged) {
    const isNew = fresh.has(renamed.get(id)?.partOf ?? '')
    for (const other of isNew ? owners : alike) concerned.add(other)
  }
  for (const id of batch) concerned.delete(id)
  const alike = await readBirths(writer, [...concerned])
  const judgedToo = await judge([...alike.values()])

  const said = await sayOf(writer, [...judged, ...judgedToo], judge.births, breathe)
  const changes = await replaceJudged(writer, derivation, [...batch, ...concerned], said, unnamed)
  const crowded = crowdedIn([...judged.values(), ...judgedToo.values()].flatMap(({ own }) => own))
  const others = [...(await birthsIn(writer, [...touched])).values()].flat().map(({ id }) => id)
  return { changes: { ...changes, crowded }, further: others.filter((id) => !renamed.has(id) && !alike.has(id)) }
}

/** Who has judged itself with one of these entities before. */
async function judgesOf(reader: GraphReader, ids: readonly string[]): Promise<string[]> {
  const nodes = await reader.find('Proposal', 'judgedWith', ids)
  return nodes.map(({ properties }) => String(properties['judgedFor']))
}

interface JudgeParts {
  readonly lookUp: LookUp
  readonly unnamed: ReadonlySet<string>
  readonly breathe: Breathe
}

/** A function that judges entities against all that share a key with them; `births` are all that it met. */
function createJudge(reader: GraphReader, derivation: Derivation, { lookUp, unnamed, breathe }: JudgeParts) {
  const judgeOwn = createOwnJudge(derivation.signatures)
  const births = new Map<string, Birth>()
  const groups = new Map<string, readonly Birth[]>()

  /** What is joined in the entities of the graph that were found. */
  const open = async (entityIds: readonly string[]): Promise<void> => {
    const unknown = [...new Set(entityIds)].filter((id) => !groups.has(id))
    for (const [id, all] of await birthsIn(reader, unknown)) {
      groups.set(id, all)
      for (const birth of all) births.set(birth.id, birth)
    }
  }
  /** A lone name that is joined with a full one says nothing that the full one does not say better. */
  const mayBeMeant = (birth: Birth): boolean =>
    !unnamed.has(birth.id) && (!isLone(birth) || groups.get(birth.partOf)?.length === 1)

  const judge = async (wanted: readonly Birth[]): Promise<ReadonlyMap<string, OwnJudgements>> => {
    await open(wanted.map(({ partOf }) => partOf))
    const joined = await joinedByRules(reader, wanted.filter(isLone))
    const taking = wanted.filter(({ id }) => !unnamed.has(id) && !joined.has(id))
    const keys = taking.map((birth) => keysOfNames(derivation, birth))
    const found = await lookUp(keys.flat())
    const bearing = keys.map((own) => own.flatMap((key) => found.get(key)?.ids ?? []))
    await open(bearing.flat())
    const judgements = new Map<string, OwnJudgements>()
    for (const [at, birth] of taking.entries()) {
      await breathe()
      const entities = new Set([birth.partOf, ...(bearing[at] ?? [])])
      const candidates = [...entities].flatMap((id) => groups.get(id) ?? []).filter(mayBeMeant)
      // Who a lone name is, no lone name of another document can tell.
      const telling = isLone(birth) ? candidates.filter((other) => !isLone(other)) : candidates
      judgements.set(birth.id, judgeOwn(birth, telling))
    }
    return judgements
  }
  return Object.assign(judge, { births })
}

/** Which of some lone names their documents lead to a full one, whatever a person has said to it. */
async function joinedByRules(reader: GraphReader, lone: readonly Birth[]): Promise<ReadonlySet<string>> {
  if (lone.length === 0) return new Set()
  const ids = lone.map(({ id }) => id)
  const links = [...(await reader.find('Link', 'bondOne', ids)), ...(await reader.find('Link', 'bondOther', ids))]
  const proposals = (
    await reader.find(
      'Proposal',
      'linkId',
      links.map(({ id }) => id),
    )
  ).map(readProposal)
  const joining = proposals.filter(({ proposal, live }) => live && proposal.joins)
  return new Set(
    joining.map(({ proposal }) => endsOf(proposal)).flatMap(({ subjectId, objectId }) => [subjectId, objectId]),
  )
}

function isLone({ type, names }: Birth): boolean {
  return isLoneName(type, names[0] ?? '')
}

async function sayOf(
  reader: GraphReader,
  judged: readonly (readonly [string, OwnJudgements])[],
  births: ReadonlyMap<string, Birth>,
  breathe: Breathe,
): Promise<IdentityProposal[]> {
  const see = createSight(reader)
  const nameOf = (id: string): string => births.get(id)?.names[0] ?? ''
  const said: IdentityProposal[] = []
  for (const [judgedFor, { own }] of judged)
    for (const judgement of own) {
      await breathe()
      const [a, b] = [births.get(judgement.a), births.get(judgement.b)]
      if (judgement.verdict === null || a === undefined || b === undefined) continue
      const sides = [
        { id: a.id, name: nameOf(a.id), type: a.type, sighting: await see(a, judgement.forms[0]) },
        { id: b.id, name: nameOf(b.id), type: b.type, sighting: await see(b, judgement.forms[1]) },
      ] as const
      // What a decision keeps, and nothing names any more, is nobody's other name.
      if ((await isUnnamed(reader, sides[0].sighting, a)) || (await isUnnamed(reader, sides[1].sighting, b))) continue
      const judgedWith = judgedFor === a.id ? b.id : a.id
      said.push(...proposeIdentity(judgement, sides, { model: ACROSS, judgedFor, judgedWith, nameOf }))
    }
  return said
}

async function isUnnamed(reader: GraphReader, sighting: Sighting | null, birth: Birth): Promise<boolean> {
  return sighting === null && (await mentionsOf(reader, birth).next()).done === true
}
