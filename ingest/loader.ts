import { packageMissingBy } from '../src/find-package.ts'
import { InputError, type WhygraphError } from '../src/model/errors.ts'
import type { LoaderSource } from './job/job-file.ts'
import { findModule, type LoaderName, missingPackage } from './loader/find-module.ts'
import { begin, pickLoader } from './loader/pick-loader.ts'
import { type Environment, resolveSecrets } from './loader/secrets.ts'
import { checkItem, type LoadedDocument, pathMaker, toLoadedDocument } from './loader/to-document.ts'

export type { LoadedDocument } from './loader/to-document.ts'

export interface LoaderOptions {
  /** Where `{env: NAME}` is looked up. */
  readonly environment: Environment
  /** Folder that packages are looked for from; else that of the job file. */
  readonly resolveFrom?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** Told of an item that is no document, or one without text; the rest goes on. */
  readonly onUnread?: ((path: string, error: InputError) => void) | undefined
}

/** A loader that never ends is a mistake. */
const MAX_ITEMS = 1_000_000

/**
 * The documents of a loader: a class of LangChain's or of the user's own with `load` or `lazyLoad`, or an async
 * generator. Its code is the user's choice and runs in this process; what it gives is not trusted.
 *
 * @throws UsageError where there is no such loader, package or variable; InputError `loader-failed` where the loader
 * gives up, after what it gave before
 */
export async function* loadDocuments(source: LoaderSource, options: LoaderOptions): AsyncIterable<LoadedDocument> {
  const { environment, resolveFrom: folder = source.base, signal, onUnread } = options
  const name: LoaderName = { source: source.name, specifier: source.loader, folder }
  const given = { arguments: source.arguments, options: source.options }
  const { value, hide } = resolveSecrets(given, environment, source.name)
  const args = argumentsOf(value as typeof given)
  const failed = (cause: unknown): unknown => (signal?.aborted ? signal.reason : asError(cause, name, hide))
  const address = findModule(name)
  const makePath = pathMaker(source.base, hide)
  let items: AsyncIterator<unknown> | null = null
  let isDone = false
  try {
    const module = await untilAborted(import(address) as Promise<object>, signal).catch(rethrow(failed))
    const loader = pickLoader(module, source.export, `source ${source.name}: ${source.loader}`)
    const started = await untilAborted(begin(loader, args), signal).catch(rethrow(failed))
    items = started[Symbol.asyncIterator]()
    for (let count = 1; count <= MAX_ITEMS; count += 1) {
      const next = await untilAborted(nextOf(items), signal).catch(rethrow(failed))
      isDone = next === null
      if (next === null) return
      let path = `item ${count}`
      try {
        const item = checkItem(next.item, path)
        path = makePath(item)
        yield await toLoadedDocument(item, path, source.format, hide)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        onUnread?.(path, error)
      }
    }
    throw new InputError('loader-failed', `source ${source.name}: the loader gave more than ${MAX_ITEMS} documents`, {
      hint: 'Let its options name less, or make several sources.',
    })
  } finally {
    // Not waited for: a loader that hangs would keep us.
    if (!isDone) void close(items).catch(() => undefined)
  }
}

/**
 * Looks whether a loader could be begun: variables, package, export. Nothing is loaded.
 * @throws UsageError as {@link loadDocuments} does
 */
export async function checkLoader(source: LoaderSource, options: LoaderOptions): Promise<void> {
  const { environment, resolveFrom: folder = source.base, signal } = options
  const name: LoaderName = { source: source.name, specifier: source.loader, folder }
  const { hide } = resolveSecrets({ arguments: source.arguments, options: source.options }, environment, source.name)
  const failed = (cause: unknown): unknown => asError(cause, name, hide)
  const module = await untilAborted(import(findModule(name)) as Promise<object>, signal).catch(rethrow(failed))
  pickLoader(module, source.export, `source ${source.name}: ${source.loader}`)
}

/** In one step that fails as a promise does, however the iterator was written. */
async function nextOf(items: AsyncIterator<unknown>): Promise<{ item: unknown } | null> {
  const { done, value } = await items.next()
  return done === true ? null : { item: value as unknown }
}

async function close(items: AsyncIterator<unknown> | null): Promise<void> {
  await items?.return?.()
}

function argumentsOf({ arguments: args, options }: Pick<LoaderSource, 'arguments' | 'options'>): readonly unknown[] {
  return options === undefined ? args : [...args, options]
}

function rethrow(failed: (cause: unknown) => unknown): (cause: unknown) => never {
  return (cause) => {
    throw failed(cause)
  }
}

/** What a loader throws may hold its keys: in the message, and in the request that some errors carry about. */
function asError(thrown: unknown, name: LoaderName, hide: (text: string) => string): WhygraphError {
  const missing = packageMissingBy(thrown)
  if (missing !== null) return missingPackage(name, missing)
  const text = thrown instanceof Error ? thrown.message : typeof thrown === 'string' ? thrown : ''
  const cause = new Error(hide(text))
  cause.stack = hide(thrown instanceof Error ? (thrown.stack ?? text) : text)
  const reason = cause.message.split('\n')[0]?.slice(0, 500) || 'it gave no reason'
  return new InputError('loader-failed', `source ${name.source}: the loader ${name.specifier} failed: ${reason}`, {
    hint: 'Documents that came before are kept. Are its options right, and can it be reached?',
    place: name.source,
    cause,
  })
}

async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise
  promise.catch(() => undefined)
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const stop = (): void => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
