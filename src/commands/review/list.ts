import { type Command, Option } from 'commander'
import { UsageError } from '../../model/errors.ts'
import { isFor } from '../../model/attention.ts'
import { type LinkStatus, PENDING } from '../../model/link.ts'
import { findLinksWhere, thoseWhere } from '../../review/find-links.ts'
import { parseWhere, STATUSES, type Where } from '../../review/where.ts'
import { derivedLinks } from '../../store/links.ts'
import type { StoredLink } from '../../store/records.ts'
import type { Store } from '../../store/store.ts'
import { turnInWords } from '../../terminal/link-card.ts'
import { renderArrow } from '../../terminal/link-line.ts'
import { printableJson } from '../../terminal/printable.ts'
import { fit } from '../../terminal/table.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'
import { positive } from './positive.ts'
import { renderTodo } from './todo-lines.ts'
import { verdictOf } from './verdict-of.ts'

/** What is no status, and is found by what else a link bears. */
const BY_MARK: ReadonlySet<string> = new Set(['unsupported', 'flagged', 'disagreed'])

interface ListFlags extends CommonFlags {
  readonly status: string
  readonly type?: string
  readonly where?: string
  readonly reviewer?: string
  readonly limit: number
  readonly format: 'lines' | 'todo'
}

/** `review list`: links that wait, or of another status, by conditions. */
export function addReviewList(review: Command, context: Context): void {
  review
    .command('list')
    .description(
      'Example: whygraph review list --status held\n\nLinks that wait for a person: proposed ones, and held ones which the source denies or hedges. --status unsupported lists those that somebody accepted and that no source says any more, --status flagged those that somebody is to look at, --status disagreed those about which two people differ.',
    )
    .addOption(
      new Option('--status <status>', 'which links')
        .choices([...STATUSES, 'unsupported', 'flagged', 'disagreed', 'pending', 'all'])
        .default('pending', 'proposed and held'),
    )
    .option('--type <type>', 'only links of this type')
    .option(
      '--where <conditions>',
      'only links of which all holds: type= confidence>= doc=GLOB speaker= run= grounding= obstacle= status= flagged',
    )
    .option('--reviewer <name>', 'only links about which this person is still to be asked')
    .option('--limit <number>', 'at most so many', positive, 20)
    .addOption(
      new Option('--format <format>', 'todo: a list to edit, for whygraph review apply')
        .choices(['lines', 'todo'])
        .default('lines'),
    )
    .action(async (_: unknown, command: Command) => {
      const flags: ListFlags = command.optsWithGlobals()
      const where = flags.where === undefined ? null : parseWhere(flags.where)
      if (where?.status != null && command.getOptionValueSource('status') === 'cli')
        throw new UsageError('status-twice', 'the status is given by --status and in --where')
      await withStore(context, context.settings(flags), async (store) => {
        const { reviewer } = flags
        const all = reviewer === undefined ? flags : { ...flags, limit: Infinity }
        const found = where === null ? await listed(store, all) : await listedWhere(store, all, where)
        const isAsked = (link: StoredLink): boolean => reviewer === undefined || isFor(link, reviewer)
        const links = found.filter(isAsked).slice(0, flags.limit)
        if (flags.json) return context.print(printableJson({ version: 1, links }, 2))
        if (links.length === 0) return context.say('no links')
        if (flags.format === 'todo') return context.print(renderTodo(links))
        const lines = links.map((link) => {
          const marks = [
            link.mapsFrom === null ? '' : `columns of a table: ${link.mapsFrom} → ${link.mapsTo}`,
            link.disputed ? 'disputed' : '',
            link.conflictsWith === undefined ? '' : 'contradicted',
            link.supersededOn === undefined ? '' : `superseded on ${link.supersededOn}`,
            link.flagged === undefined ? '' : 'flagged',
            turnInWords(link) ?? '',
            link.unsupported ? 'no source says it any more' : '',
            link.obstacles.includes('addresses-model') ? 'its source speaks to the model' : '',
            link.items[0]?.grounding === 'exact' ? '' : (link.items[0]?.grounding ?? ''),
          ]
          const standing = link.status === 'held' ? whyHeld(link) : verdictOf(link)
          const text = `${link.id.slice(0, 8)}  ${link.confidence.toFixed(2)}  ${standing.padEnd(8)}  ${renderArrow(link)}`
          return fit(
            [text, ...marks.filter((mark) => mark !== '')].join('  '),
            context.printsToTerminal ? context.width : Infinity,
          )
        })
        context.print(lines.join('\n'))
      })
    })
}

async function listed(store: Store, flags: ListFlags): Promise<StoredLink[]> {
  if (flags.status === 'flagged') return marked(store, 'flagged', 'yes', flags)
  if (flags.status === 'disagreed') return marked(store, 'awaits', 'adjudication', flags)
  const isUnsupported = flags.status === 'unsupported'
  const page = {
    order: 'confidence',
    descending: true,
    ...(flags.type === undefined && !isUnsupported && flags.limit < Infinity ? { limit: flags.limit } : {}),
  }
  const found = await store.links(statusesOf(flags.status), page)
  // Pairs that somebody took for one thing are in the record with what fell together.
  if (flags.status === 'accepted') found.push(...(await store.acceptedPairs()))
  const isWanted = (link: StoredLink): boolean =>
    (flags.type === undefined || link.type === flags.type) && (!isUnsupported || link.unsupported)
  return found.filter(isWanted).slice(0, flags.limit)
}

/** Links that bear a mark, by the store's index of these. One for which another stands is not listed. */
async function marked(
  store: Store,
  property: string,
  value: string,
  { type, limit }: ListFlags,
): Promise<StoredLink[]> {
  const nodes = await store.database.read((reader) => reader.find('Link', property, [value]))
  const links = derivedLinks(nodes).filter((link) => link.status !== 'merged' || link.into === null)
  return links.filter((link) => type === undefined || link.type === type).slice(0, limit)
}

async function listedWhere(store: Store, flags: ListFlags, where: Where): Promise<StoredLink[]> {
  if (flags.type !== undefined && where.type !== null)
    throw new UsageError('type-twice', 'the type is given by --type and in --where')
  if (BY_MARK.has(flags.status))
    throw new UsageError(`where-${flags.status}`, `--status ${flags.status} does not go with --where`)
  const asked = { ...where, type: flags.type ?? where.type }
  const statuses = where.status === null ? statusesOf(flags.status) : [where.status]
  const found = await findLinksWhere(store, asked, statuses, flags.limit)
  if (statuses.length !== 1 || statuses[0] !== 'accepted') return found
  return [...found, ...(await thoseWhere(store, asked, await store.acceptedPairs()))].slice(0, flags.limit)
}

function whyHeld({ denials, hedges, saidAgain, obstacles }: StoredLink): string {
  if (saidAgain) return 'rejected, said again'
  if (denials > 0) return 'denied'
  if (obstacles.includes('ruled-out')) return 'by rule'
  return hedges > 0 ? 'hedged' : 'held'
}

function statusesOf(status: string | undefined): readonly LinkStatus[] {
  if (status === 'pending') return PENDING
  if (status === 'unsupported') return ['accepted']
  return status === 'all' ? STATUSES : [status as LinkStatus]
}
