import { type Command, Option } from 'commander'
import { sitDown } from '../../desk/desk.ts'
import { openPlain } from '../../desk/plain.ts'
import { ORDERS, type Order } from '../../desk/order.ts'
import { openScreen } from '../../desk/screen.ts'
import { UsageError } from '../../model/errors.ts'
import { parseWhere } from '../../review/where.ts'
import { printable } from '../../terminal/printable.ts'
import { type CommonFlags, type Context, withStoreToWrite } from '../context.ts'
import { followMapping } from '../mapped-rows.ts'
import { schemaFor } from './schema-for.ts'
import { reviewerOf } from './reviewer.ts'

interface DeskFlags extends CommonFlags {
  readonly order: Order
  readonly where?: string
  readonly plain?: boolean
  readonly reviewer?: string
}

/** `review` by itself: link after link on a terminal, a key each. */
export function addDesk(review: Command, context: Context): void {
  review
    // A command of its own, so that its flags are not those of all others below `review`.
    .command('queue', { isDefault: true })
    .summary('link after link on a terminal, a key each; also without this word')
    .description(
      'Example: whygraph review --order random\n\nShows the links that wait for a person one after the other; ? lists the keys. Other keys stand in whygraph.yaml, as review: { keys: { accept: j } }.',
    )
    .addOption(
      new Option('--order <order>', 'of the queue; o goes to the next')
        .choices(ORDERS)
        .default('entity' satisfies Order),
    )
    .option('--where <conditions>', 'only links of which all holds, as review list takes it; / asks for others')
    .option('--plain', 'line by line, for screen readers; so it is too where TERM is dumb')
    .option('--reviewer <name>', "who decides; default WHYGRAPH_REVIEWER, else git's user")
    // A word that is no command below `review` arrives here, since this is what `review` does by itself.
    .argument('[words...]')
    .usage('[options]')
    .action(async ([word]: string[], _: unknown, command: Command) => {
      if (word !== undefined)
        throw new UsageError('unknown-command', `review has no command '${word}'`, {
          hint: "'whygraph review --help' lists those that there are.",
        })
      const flags: DeskFlags = command.optsWithGlobals()
      const { terminal } = context
      if (terminal === null || flags.json === true)
        throw new UsageError('no-terminal', 'the queue of links opens on a terminal only', {
          hint: "Scripts use 'whygraph review next --json' (or 'whygraph review list --json'), then 'whygraph review accept ID' or 'whygraph review reject ID'.",
        })
      if (flags.where !== undefined) parseWhere(flags.where)
      const settings = context.settings(flags)
      const reviewer = reviewerOf(settings.values.reviewer, context)
      const isPlain = flags.plain === true || context.environment['TERM'] === 'dumb'
      const { decided, skipped, order, filter } = await withStoreToWrite(context, settings, (store) =>
        sitDown({
          store,
          order: flags.order,
          ...(flags.where === undefined ? {} : { filter: flags.where.trim() }),
          reviewer,
          keys: settings.values.review?.keys ?? {},
          openFront: (events) =>
            isPlain ? openPlain(terminal, () => context.width, events) : openScreen(terminal, events),
          follow: async (link) => {
            const said: string[] = []
            const quiet = {
              ...context,
              isTerminal: false,
              say: (text: string) => void said.push(text),
              write: () => {},
            }
            await followMapping(store, link, settings, quiet)
            return said.join(' ')
          },
          schemaFor: async (id) => (id === null ? settings.schema : schemaFor(store, settings, id)),
          now: context.now,
          random: Math.random,
          signal: context.signal,
        }),
      )
      const where = filter === '' ? '' : ` --where '${printable(filter).replaceAll("'", String.raw`'\''`)}'`
      context.say(
        `${decided} decided, ${skipped} skipped; what is left waits.\nTo go on: whygraph review --order ${order}${where}`,
      )
    })
}
