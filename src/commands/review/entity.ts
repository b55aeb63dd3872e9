import type { Command } from 'commander'
import { OBSTACLES } from '../../model/obstacle.ts'
import type { Settings } from '../../settings.ts'
import type { DecideOptions, Outcome } from '../../review/decide.ts'
import { foreseeSame, gather, thingsOf, type Gathered } from '../../review/foresee-same.ts'
import { planRename } from '../../review/fix-rename.ts'
import { planSame } from '../../review/plan-same.ts'
import { displayed } from '../../store/called.ts'
import type { Named } from '../../review/naming-texts.ts'
import { decideSame, findPair, whatWouldFall } from '../../review/same-entities.ts'
import type { Store } from '../../store/store.ts'
import { calledLine, fallingLines, gatheredLine, partingLines } from '../../terminal/entity-lines.ts'
import { noteLines } from '../../terminal/fix-lines.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import { type CommonFlags, type Context, withStoreToWrite } from '../context.ts'
import { checkRequest } from './fix.ts'
import { decideOptions, deciding, type DecidingFlags } from './reviewer.ts'

/** Two things, and what a person asks or says of them. */
interface Asked {
  readonly store: Store
  readonly pair: readonly [Named, Named]
  readonly options: DecideOptions
  readonly flags: CommonFlags
}

/** `review entity`: whether two things are one. */
export function addReviewEntity(review: Command, context: Context): void {
  const entity = review
    .command('entity')
    .summary('say that two entities are one thing, or two, or what one is called')
    .description(
      'Example: whygraph review entity merge k3vq7x p2m4ad\n\nAll are decisions about links, and are taken back by `whygraph review undo`.',
    )
  addRename(entity, context)
  const decide = (command: Command, work: (asked: Asked) => Promise<void>): void => {
    command
      .argument('<id>', 'id of an entity, or its first characters')
      .argument('<other>', 'id of the other')
      .action(async (one: string, other: string, _: unknown, command: Command) => {
        const flags: DecidingFlags = command.optsWithGlobals()
        const settings: Settings = context.settings(flags)
        const options = decideOptions(flags, settings.values.reviewer, context)
        await withStoreToWrite(context, settings, async (store) =>
          work({ store, pair: await findPair(store, one, other), options, flags }),
        )
      })
  }

  decide(
    deciding(entity.command('merge'))
      .description(
        'Example: whygraph review entity merge k3vq7x p2m4ad --dry-run\n\nThe two are one thing: one node with the names, mentions and links of both; the other id leads to it. A name that stands in no text, as a model coined it, is kept as missing evidence.',
      )
      .option('--dry-run', 'only say what would be one, and which links would fall together'),
    async (asked) => {
      if (isDry(asked.flags)) return sayFalling(asked, context)
      const { store, pair, options } = asked
      await report(asked, await decideSame(store, pair, 'accept', options, context.now()), context)
    },
  )
  decide(
    deciding(entity.command('split'))
      .description(
        'Example: whygraph review entity split k3vq7x p2m4ad --dry-run\n\nThe two are two things, whatever rules say. `whygraph show` lists the ids that an entity stands for. A name that stands in no text is kept as missing evidence.',
      )
      .option('--dry-run', 'only say what would stay with which, and which links would part'),
    async (asked) => {
      if (isDry(asked.flags)) return sayParting(asked, context)
      const { store, pair, options, flags } = asked
      const ids = await thingsOf(store, pair)
      await report(asked, await decideSame(store, pair, 'reject', options, context.now()), context)
      if (ids.length > 2 && !flags.json)
        context.print((await store.database.read((reader) => gather(reader, ids))).map(gatheredLine).join('\n'))
    },
  )
}

/** `review entity rename`: what it is called from now on. */
function addRename(entity: Command, context: Context): void {
  deciding(entity.command('rename'))
    .description(
      'Example: whygraph review entity rename k3vq7x "Billing migration" --dry-run\n\nFrom now on it goes by this name, and by the names of the texts as aliases. Its id stays; the name outlives what is read again, merged and rebuilt, until `whygraph review undo` takes it back.',
    )
    .argument('<id>', 'id of an entity, or its first characters')
    .argument('<name>', 'what it is to be called')
    .option('--dry-run', 'only say what it would be called')
    .action(async (id: string, name: string, _: unknown, command: Command) => {
      const flags: DecidingFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const options = decideOptions(flags, settings.values.reviewer, context)
      await withStoreToWrite(context, settings, async (store) => {
        const made = options.requestId === undefined ? null : await store.decisionByRequest(options.requestId)
        const plan = () => planRename(store, id, name, options, made !== null)
        if (made !== null) await checkRequest(made, plan)
        const { thing, called, ...planned } = await plan()
        const { proposals, drafts } = made === null ? planned : { proposals: [], drafts: [] }
        if (isDry(flags)) {
          const { aliases } = displayed(thing.standing, called)
          if (flags.json) return context.print(printableJson({ version: 1, dryRun: true, name: called, aliases }, 2))
          return context.print(`${calledLine(thing.standing, called)}; nothing was written`)
        }
        const [decided] = await store.decideTogether(proposals, drafts, context.now().toISOString())
        const [entity] = await store.entities([thing.standing.id])
        const decision = decided?.decision ?? made
        if (flags.json)
          return context.print(printableJson({ version: 1, unchanged: made !== null, entity, decision }, 2))
        const also = `also: ${entity?.aliases.map(printable).join(', ')}`
        context.print(`${printable(entity?.name ?? '')} (${thing.standing.id.slice(0, 8)}), ${also}  saved ✓`)
      })
    })
}

function isDry(flags: CommonFlags): boolean {
  return (flags as { dryRun?: boolean }).dryRun === true
}

async function sayFalling({ store, pair, options, flags }: Asked, context: Context): Promise<void> {
  const falling = await whatWouldFall(store, pair)
  const revision = await planSame(store, [{ pair, verdict: 'accept' }], options)
  const { notes = [] } = revision
  const { entities, conflicts } = await foreseeSame(store, pair, revision, context.now())
  const isOne = pair[0].standing.id === pair[1].standing.id
  if (flags.json)
    return context.print(printableJson({ version: 1, dryRun: true, isOne, entities, ...falling, conflicts, notes }, 2))
  context.print(
    [
      isOne ? `${namesOf(pair)} are one already` : `${namesOf(pair)} would be one; nothing was written`,
      ...noteLines(revision),
      ...entities.flatMap((entity) => [gatheredLine(entity), `  ${nameOfOne(entity)}`]),
      ...fallingLines(falling, conflicts),
    ].join('\n'),
  )
}

async function sayParting({ store, pair, options, flags }: Asked, context: Context): Promise<void> {
  const isOne = pair[0].standing.id === pair[1].standing.id
  const revision = await planSame(store, [{ pair, verdict: 'reject' }], options)
  const { notes = [] } = revision
  const foreseen = await foreseeSame(store, pair, revision, context.now())
  if (flags.json) return context.print(printableJson({ version: 1, dryRun: true, isOne, ...foreseen, notes }, 2))
  const head = isOne ? 'would be two; nothing was written' : 'are two already'
  context.print([`${namesOf(pair)} ${head}`, ...noteLines(revision), ...partingLines(foreseen)].join('\n'))
}

function namesOf(pair: readonly Named[]): string {
  return pair.map(({ name }) => printable(name)).join(' and ')
}

async function report(
  { store, pair, flags }: Asked,
  { link, decision, unchanged }: Outcome,
  context: Context,
): Promise<void> {
  const standing = await Promise.all(pair.map(async ({ id }) => (await store.redirect(id))?.to ?? id))
  const isOne = standing[0] === standing[1]
  const entities = await store.entities([...new Set(standing)])
  if (flags.json) return context.print(printableJson({ version: 1, unchanged, isOne, entities, decision, link }, 2))
  const names = pair.map(({ id, name }) => `${printable(name)} (${id.slice(0, 8)})`).join(' and ')
  const [entity] = entities
  const now = isOne ? `are one: ${printable(entity?.name ?? '')}, id ${entity?.id ?? ''}` : 'are two'
  const saved = unchanged ? 'decided already' : `link ${link.id.slice(0, 8)}, revision ${link.rev}  saved ✓`
  context.print(`${names} ${now}  ${saved}`)
  if (link.obstacles.includes('missing-quote')) context.print(`  note: ${OBSTACLES['missing-quote']}`)
  if (isOne && entity !== undefined) context.print(nameOfOne(entity))
}

/** By which of the names several go that are one thing, and what to do where another is better. */
function nameOfOne({ id }: Pick<Gathered, 'id'>): string {
  return `it goes by the fullest of its names, or by what people called it last: 'whygraph review entity rename ${id.slice(0, 8)} NAME' calls it otherwise`
}
