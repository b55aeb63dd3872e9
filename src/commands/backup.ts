import type { Command } from 'commander'
import { resolve } from 'node:path'
import { counted } from '../model/counted.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import type { CommonFlags, Context } from './context.ts'

interface BackupFlags extends CommonFlags {
  readonly force?: boolean
}

export function addBackup(program: Command, context: Context): void {
  program
    .command('backup')
    .summary('copy the local store into one file, while it is in use')
    .description(
      'Example: whygraph backup backups/monday.whygraph\n\nThe database as it is at one moment, its tables, and replies that were paid for and are not in it yet. Ingests and reviewers go on meanwhile. A store in Neo4j is backed up with its own tools.',
    )
    .argument('<file>', 'the file to make')
    .option('--force', 'put it in the place of a file that is there')
    .action(async (file: string, _: unknown, command: Command) => {
      const flags: BackupFlags = command.optsWithGlobals()
      const options = { file: resolve(context.cwd, file), force: flags.force ?? false }
      const summary = await context.backUpStore(context.settings(flags), options)
      if (flags.json) return context.print(printableJson(summary, 2))
      const { nodes, tables, waitingReplies, bytes } = summary
      const parts = [counted(nodes, 'node'), tables ? 'its tables' : 'no tables']
      if (waitingReplies > 0) parts.push(`${counted(waitingReplies, 'reply', 'replies')} not stored yet`)
      context.print(
        [
          `backup     ${printable(summary.file)}, ${(bytes / 1e6).toFixed(1)} MB, readable by you only`,
          `in it      ${parts.join(', ')}`,
          `to restore whygraph restore ${printable(file)} --store FOLDER`,
        ].join('\n'),
      )
    })
}

export function addRestore(program: Command, context: Context): void {
  program
    .command('restore')
    .summary('put a backup in the place of the local store')
    .description(
      'Example: whygraph restore backups/monday.whygraph --store restored\n\nUnpacks and checks a backup, then puts it in the place of the store. One that is not empty is replaced with --force only, and kept in a folder inside it (before-restore-…). Nobody may use the store meanwhile. What is no backup ends with exit code 2, a damaged one with 6; nothing is changed then.',
    )
    .argument('<file>', 'the backup')
    .option('--force', 'replace a store that is not empty; it is kept in a folder inside')
    .action(async (file: string, _: unknown, command: Command) => {
      const flags: BackupFlags = command.optsWithGlobals()
      const options = { file: resolve(context.cwd, file), force: flags.force ?? false }
      const summary = await context.restoreStore(context.settings(flags), options)
      if (flags.json) return context.print(printableJson(summary, 2))
      const { backup, nodes, waitingReplies, kept, folder } = summary
      const replies =
        waitingReplies > 0 ? `, and ${counted(waitingReplies, 'reply', 'replies')} that the next ingest stores` : ''
      context.print(
        [
          `restored   ${counted(nodes, 'node')}${replies}, as of ${printable(backup.createdAt)}, into ${printable(folder)}`,
          ...(kept === null ? [] : [`kept       what was there before: ${printable(kept)}`]),
          'to check   whygraph doctor --deep',
        ].join('\n'),
      )
    })
}
