import { existsSync, readdirSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { readExamples } from '../../examples-file.ts'
import { UsageError } from '../../model/errors.ts'
import { exportLessons, type Exported } from '../../lessons/export.ts'
import { FORMATS, SHAPES, type Format } from '../../lessons/formats.ts'
import { LEFT_OUT, type LeftOut } from '../../lessons/left-out.ts'
import { SPLITS } from '../../lessons/split.ts'
import { printable, printableJson } from '../../terminal/printable.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'

interface ExportFlags extends CommonFlags {
  readonly format: Format
  readonly out?: string
  readonly traces?: boolean
}

/** `review export`: what people decided as cases to evaluate with, examples to show, and data to train on. */
export function addReviewExport(review: Command, context: Context): void {
  review
    .command('export')
    .description(
      "Example: whygraph review export --format sft --out lessons\n\nWrites train.jsonl, valid.jsonl, test.jsonl and manifest.json, all of a document in one of the three. few-shot: a decided link a line, with its quotes; sft: the prompt and the corrected answer, as OpenAI's messages; dpo: the corrected answer against the model's, as TRL's prompt, chosen, rejected. What is disputed, undone, not agreed on, planted or shown to models as an example is left out, and counted. Without --out it only counts.",
    )
    .addOption(new Option('--format <format>', 'what to write').choices(FORMATS).makeOptionMandatory())
    .option('--out <folder>', 'a new or empty folder')
    .option('--traces', "sft: with the model's own trace as reasoning_content, where all that it led to was accepted")
    .action(async (_: unknown, command: Command) => {
      const flags: ExportFlags = command.optsWithGlobals()
      if (flags.traces === true && flags.format !== 'sft')
        throw new UsageError(
          'traces-in-sft',
          '--traces goes with --format sft: the other formats have no place for them',
        )
      const folder = flags.out === undefined ? null : resolve(context.cwd, flags.out)
      if (folder !== null) assertEmpty(folder)
      const settings = context.settings(flags)
      const examples = readExamples(settings.values)
      await withStore(context, settings, async (store) => {
        const options = { format: flags.format, traces: flags.traces === true, examples }
        const exported = await exportLessons(store, options)
        const manifest = manifestOf(exported, flags.format)
        if (folder !== null) await write(folder, exported, manifest)
        if (flags.json) return context.print(printableJson(manifest, 2))
        context.print(render(exported, folder))
      })
    })
}

function assertEmpty(folder: string): void {
  if (!existsSync(folder) || readdirSync(folder).length === 0) return
  throw new UsageError('not-empty', `${folder} is not empty`, {
    hint: 'Give --out a folder that is new or empty: lines of two exports do not belong together.',
    place: folder,
  })
}

function manifestOf({ lines, documents, leftOut, traces }: Exported, format: Format) {
  const splits = SPLITS.map((split) => [split, { rows: lines[split].length, documents: documents[split] }] as const)
  return { version: 1, format: SHAPES[format].name, splits: Object.fromEntries(splits), traces, leftOut }
}

async function write(folder: string, { lines }: Exported, manifest: object): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const split of SPLITS)
    await writeFile(join(folder, `${split}.jsonl`), lines[split].map((line) => `${line}\n`).join(''))
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

function render({ lines, documents, leftOut, traces }: Exported, folder: string | null): string {
  const splits = SPLITS.map((split) => `${split} ${lines[split].length} (${documents[split]} documents)`)
  const reasons = Object.entries(leftOut) as [LeftOut, number][]
  return [
    `${splits.join(', ')}${traces === 0 ? '' : `; ${traces} with a trace`}`,
    ...reasons.toSorted(([, a], [, b]) => b - a).map(([why, count]) => `${count} left out: ${LEFT_OUT[why]}`),
    folder === null ? 'nothing was written: --out names a folder' : `written to ${printable(folder)}`,
  ].join('\n')
}
