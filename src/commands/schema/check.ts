import type { Command } from 'commander'
import { counted } from '../../model/counted.ts'
import { checkSchema, type SchemaCheck } from '../../schema/check.ts'
import type { Finding } from '../../schema/findings.ts'
import { renderLinkLine } from '../../terminal/link-line.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import type { SchemaShown } from '../../terminal/schema-lines.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'
import { progressPrinter } from '../progress.ts'
import { schemaOrigin } from './show.ts'

/** What `schema check` found: its JSON. */
interface CheckReport extends SchemaCheck {
  readonly version: 1
  readonly schema: SchemaShown['from']
  /** Stopped before its end; what was looked at until then is told. */
  readonly interrupted: boolean
  /** Links of the graph that are not as the schema says. */
  readonly breaks: number
}

export function addSchemaCheck(schema: Command, context: Context): void {
  schema
    .command('check')
    .summary('what in the graph is not as the schema says, and what of the schema is not in use')
    .description(
      'Example: whygraph schema check --json\n\nReads the whole store, page by page, and holds it against the schema in force: links between entities that it does not let them go between, of former names (an alias, an inverse), of types that it does not name, several values of what holds for one at a time; and types, aliases and inverses that nothing is of. Writes nothing. What is held back already is told and breaks nothing. Exit code 1 where something in the graph breaks the schema.',
    )
    .option('--schema <file>', 'another one than that of the settings')
    .action(async (_: unknown, command: Command) => {
      const flags: CommonFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const { count, end } = progressPrinter(context)
      const progress = (what: string, done: number): void => count('schema', what, done)
      const { signal } = context
      const check = await withStore(context, settings, (store) =>
        checkSchema(store, settings.schema, { progress, signal }),
      ).finally(end)
      const broken = check.findings.filter(({ breaks }) => breaks)
      const breaks = broken.reduce((sum, { inGraph }) => sum + inGraph, 0)
      const report: CheckReport = {
        version: 1,
        schema: schemaOrigin(settings),
        interrupted: signal.aborted,
        breaks,
        ...check,
      }
      context.print(flags.json ? printableJson(report, 2) : render(report))
      context.exitCode = signal.aborted ? 130 : broken.length > 0 ? 1 : 0
    })
}

function render({ schema, findings, links, replies, breaks, interrupted }: CheckReport): string {
  const lines = [
    `schema     ${schema.file === null ? schema.by : printable(schema.file)}`,
    `looked at  ${counted(links, 'link')}, ${counted(replies, 'reply', 'replies')}`,
  ]
  const [others, unused] = [
    findings.filter(({ code }) => code !== 'unused'),
    findings.filter(({ code }) => code === 'unused'),
  ]
  for (const finding of others) lines.push('', ...findingLines(finding))
  if (unused.length > 0)
    lines.push(
      '',
      'note  not in use, to be left out or still to come:',
      ...unused.map(({ message }) => `  ${printable(message)}`),
    )
  lines.push('')
  if (interrupted) lines.push('interrupted: what was looked at until then is told above')
  lines.push(
    breaks > 0
      ? `${counted(breaks, 'time')} a link of the graph is not as the schema says`
      : 'nothing in the graph breaks the schema',
  )
  return lines.join('\n')
}

function findingLines({ breaks, message, inGraph, held, examples, remedy }: Finding): string[] {
  const counts = [
    ...(inGraph > 0 ? [`${counted(inGraph, 'link')} of the graph`] : []),
    ...(held > 0 ? [`${counted(held, 'link')} held back`] : []),
  ]
  const rest = inGraph + held - examples.length
  return [
    `${breaks ? 'BREAKS' : 'note'}  ${printable(message)}${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`,
    ...examples.map((link) => `  ${renderLinkLine(link)}`),
    ...(rest > 0 ? [`  … ${rest} more`] : []),
    `  ${remedy}`,
  ]
}
