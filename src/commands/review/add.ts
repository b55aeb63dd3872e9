import type { Command } from 'commander'
import { planAdd } from '../../review/fix-add.ts'
import { type Context, withStoreToWrite } from '../context.ts'
import { carryOutOrSay } from './fix.ts'
import { decideOptions, deciding, type DecidingFlags } from './reviewer.ts'
import { readSetFlag } from './set-flag.ts'

interface AddFlags extends DecidingFlags {
  readonly quote: readonly string[]
  readonly in: string
  readonly subjectType?: string
  readonly objectType?: string
  readonly set?: readonly string[]
  readonly dryRun?: boolean
}

/** `review add`: a link that the model missed. */
export function addReviewAdd(review: Command, context: Context): void {
  deciding(review.command('add'))
    .summary('add a link that the model missed, with the words that say so')
    .description(
      'Example: whygraph review add "Ana Ruiz" APPROVED "Billing migration" --quote "I approve it" --in minutes/0304.vtt\n\nThe quote must stand in the document as it is given. The link is accepted, stays when the document is read again, and goes with it when it is forgotten.',
    )
    .argument('<subject>', 'name or id of an entity')
    .argument('<type>', 'a link type of the schema')
    .argument('<object>', 'name or id of an entity')
    .requiredOption('--quote <words...>', "the source's own words that say so")
    .requiredOption('--in <document|chunk>', 'where they stand: path or id of a document, or id of a chunk')
    .option('--subject-type <type>', 'type of the subject; so a name that nothing has is a new entity')
    .option('--object-type <type>', 'the same of the object')
    .option('--set <property=value...>', 'when=2024-03, confidence=0.6, support=inferred')
    .option('--schema <file>', 'entity and link types; default: any')
    .option('--dry-run', 'only say what would become of the graph')
    .action(async (subject: string, type: string, object: string, _: unknown, command: Command) => {
      const flags: AddFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const options = decideOptions(flags, settings.values.reviewer, context)
      const missed = {
        subject: { named: subject, ...(flags.subjectType === undefined ? {} : { type: flags.subjectType }) },
        type,
        object: { named: object, ...(flags.objectType === undefined ? {} : { type: flags.objectType }) },
        quotes: flags.quote,
        in: flags.in,
        ...readSetFlag(flags.set),
      }
      await withStoreToWrite(context, settings, (store) =>
        carryOutOrSay(store, () => planAdd(store, missed, settings.schema, options), flags, context),
      )
    })
}
