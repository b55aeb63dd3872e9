import { UsageError } from '../../src/model/errors.ts'

type Callable = (...args: readonly unknown[]) => unknown
type Constructor = new (...args: readonly unknown[]) => unknown

/**
 * What of a module is the loader, ready to be begun: the export of that name, else the default, else the only class
 * with `load` or `lazyLoad`, else the only function.
 *
 * @throws UsageError `no-loader` which says what there is to choose from
 */
export function pickLoader(module: object, name: string | undefined, about: string): Callable {
  const all = exportsOf(module)
  const chosen = name === undefined ? chooseFrom(all) : all.get(name)
  if (chosen !== undefined) return chosen
  const names = [...all.keys()].slice(0, 20).join(', ')
  throw new UsageError(
    'no-loader',
    name === undefined
      ? `${about}: it exports ${all.size === 0 ? 'no class or function' : 'several loaders, or none that can be told'}`
      : `${about}: it exports no class or function ${name}`,
    { hint: names === '' ? 'Is it the right module?' : `Name one of them under export: ${names}.` },
  )
}

function chooseFrom(all: ReadonlyMap<string, Callable>): Callable | undefined {
  const standard = all.get('default')
  if (standard !== undefined) return standard
  const loaders = [...all.values()].filter(isLoaderClass)
  if (loaders.length > 0) return loaders.length === 1 ? loaders[0] : undefined
  return all.size === 1 ? all.values().next().value : undefined
}

/** Each function once. Of a CommonJS module, what it exports may stand inside the default. */
function exportsOf(module: object): Map<string, Callable> {
  const inner: unknown = 'default' in module ? module.default : undefined
  const entries = [
    ...Object.entries(module),
    ...(typeof inner === 'object' && inner !== null ? Object.entries(inner) : []),
  ]
  const found = new Map<string, Callable>()
  const known = new Set<unknown>()
  for (const [name, value] of entries) {
    if (typeof value !== 'function' || name === 'module.exports' || name === '__esModule') continue
    // A class is often exported under its name and as the default; the default need not be asked for.
    if (known.has(value) && name !== 'default') continue
    known.add(value)
    found.set(name, value as Callable)
  }
  return found
}

function isLoaderClass(value: Callable): boolean {
  const prototype: unknown = value.prototype
  return hasMethod(prototype, 'lazyLoad') || hasMethod(prototype, 'load')
}

/** Begins loading: constructs the class, or calls the function. What comes is not checked yet. */
export async function begin(loader: Callable, args: readonly unknown[]): Promise<AsyncIterable<unknown>> {
  const isClass = isLoaderClass(loader) || /^class\b/.test(Function.prototype.toString.call(loader))
  const made = isClass ? new (loader as unknown as Constructor)(...args) : await loader(...args)
  const loaded = hasMethod(made, 'lazyLoad')
    ? await made.lazyLoad()
    : hasMethod(made, 'load')
      ? await made.load()
      : made
  if (typeof loaded === 'object' && loaded !== null) {
    if (Symbol.asyncIterator in loaded) return loaded as AsyncIterable<unknown>
    if (Symbol.iterator in loaded) return each(loaded as Iterable<unknown>)
  }
  throw new TypeError('it gives no list of documents: a loader has load() or lazyLoad(), or is an async generator')
}

async function* each(items: Iterable<unknown>): AsyncGenerator<unknown> {
  yield* items
}

function hasMethod<Name extends string>(value: unknown, name: Name): value is Record<Name, () => unknown> {
  return typeof value === 'object' && value !== null && name in value && typeof Reflect.get(value, name) === 'function'
}
