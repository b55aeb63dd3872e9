/** The process that has SQLite look through a large file. It may be killed at any moment. */
import { WhygraphError } from '../../model/errors.ts'
import { integrityOf, type FilesMessage } from './check-files.ts'

process.on('disconnect', () => process.exit())

async function check(path: string): Promise<FilesMessage> {
  try {
    return { kind: 'found', found: await integrityOf(path) }
  } catch (error) {
    const { code, hint } = error instanceof WhygraphError ? error : { code: 'sqlite', hint: undefined }
    const message = error instanceof Error ? error.message : String(error)
    return { kind: 'failed', code, message, ...(hint === undefined ? {} : { hint }) }
  }
}

const message = await check(process.argv[2] ?? '')
process.send?.(message, () => process.exit())
