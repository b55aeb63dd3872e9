import type { BackupSummary } from '../backup/back-up.ts'
import type { RestoreSummary } from '../backup/restore.ts'
import type { Terminal } from '../desk/front.ts'
import type { Embedding } from '../asking/embed-names.ts'
import type { Engine } from '../engines/engine.ts'
import type { Journal } from '../extract/journal.ts'
import type { FileContent } from '../taking-in/prepare.ts'
import type { PlanFiles } from '../review/plan-files.ts'
import type { Settings, SourceSettings } from '../settings.ts'
import type { Store } from '../store/store.ts'
import type { SqlResult } from '../tables/ask-tables.ts'
import type { Tables } from '../tables/tables.ts'

/** What a command may use of the world; commands never pick a store, an engine or a stream themselves. */
export interface Context {
  readonly cwd: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Results. A pipe that was closed is no error. */
  readonly print: (text: string) => void
  /** Progress and messages. */
  readonly say: (text: string) => void
  /** The same without a line break behind it. */
  readonly write: (text: string) => void
  /** Whether stderr is a terminal, on which a line may be written over. */
  readonly isTerminal: boolean
  /** Whether stdout is one, which acts on escape sequences in what is printed. */
  readonly printsToTerminal: boolean
  readonly width: number
  /** Where a person sits, to show things to and to take keys from; null where input or output is none. */
  readonly terminal: Terminal | null
  readonly signal: AbortSignal
  readonly readInput: () => Promise<string>
  readonly settings: (flags: Readonly<Record<string, unknown>>, source?: SourceSettings) => Settings
  /** With other variables than those of this process, where a command has two stores. */
  readonly openStore: (
    settings: Settings,
    mode: 'create' | 'existing' | 'trial',
    environment?: Context['environment'],
  ) => Promise<Store>
  readonly createEngine: (settings: Settings) => Promise<Engine>
  readonly openJournal: (settings: Settings) => Journal & { close(): void }
  readonly openPlans: (settings: Settings) => PlanFiles
  /** Null: steps are found offline. */
  readonly createAligner: (settings: Settings) => Promise<Engine | null>
  /** Null: what was said is checked by the engine that said it, or by nobody. */
  readonly createVerifier: (settings: Settings) => Promise<Engine | null>
  /** Null: nobody is asked whether two names are one thing. */
  readonly createJudge: (settings: Settings) => Promise<Engine | null>
  readonly createSummariser: (settings: Settings) => Promise<Engine | null>
  /** Null: no embedding model is asked about names. */
  readonly createEmbedding: (settings: Settings) => Promise<Embedding | null>
  /** In a trial, in memory. */
  readonly openTables: (settings: Settings, mode: 'create' | 'trial') => Tables
  readonly tablesPath: (settings: Settings) => string
  /** One read-only statement. */
  readonly askTables: (settings: Settings, text: string, limits: { seconds: number }) => Promise<SqlResult>
  /** Of a local store; others are refused with what to use instead. */
  readonly backUpStore: (settings: Settings, options: BackupRequest) => Promise<BackupSummary>
  readonly restoreStore: (settings: Settings, options: BackupRequest) => Promise<RestoreSummary>
  /** Folders of stores that a restore replaced, beside a local one. */
  readonly replacedStores: (settings: Settings) => readonly string[]
  readonly readFile: (path: string) => Promise<FileContent>
  readonly runOcr: (command: string, path: string, signal: AbortSignal) => Promise<string>
  readonly stdin: AsyncIterable<Uint8Array | string>
  readonly now: () => Date
  /** The exit code to end with when nothing is thrown. */
  exitCode: number
}

export interface BackupRequest {
  readonly file: string
  readonly force: boolean
}

/** Flags that every command has. */
export interface CommonFlags {
  readonly [name: string]: unknown
  readonly config?: string
  readonly store?: string
  readonly json?: boolean
}

/** Opens the store, does the work, and closes it whatever happens. */
export async function withStore<T>(
  context: Context,
  settings: Settings,
  work: (store: Store) => Promise<T>,
  mode: 'create' | 'existing' | 'trial' = 'existing',
): Promise<T> {
  const store = await context.openStore(settings, mode)
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** The same for a command that writes: one that is a copy which was not finished is refused. */
export function withStoreToWrite<T>(
  context: Context,
  settings: Settings,
  work: (store: Store) => Promise<T>,
  mode: 'create' | 'existing' | 'trial' = 'existing',
): Promise<T> {
  const workOnWhole = async (store: Store): Promise<T> => {
    await store.assertWhole()
    return work(store)
  }
  return withStore(context, settings, workOnWhole, mode)
}
