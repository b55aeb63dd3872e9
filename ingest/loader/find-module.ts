import { existsSync, readFileSync, statSync } from 'node:fs'
import { createRequire, isBuiltin } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { UsageError } from '../../src/model/errors.ts'

const PACKAGE = /^(?:@[\w.~-]+\/)?[\w~][\w.~-]*(?=\/|$)/
/** How `import` asks for a package's files. `require` would do for most, but not for those that know only `import`. */
const CONDITIONS: ReadonlySet<string> = new Set(['node', 'import', 'module-sync', 'default'])

/** What an error is about. */
export interface LoaderName {
  /** Name of the source in the job. */
  readonly source: string
  readonly specifier: string
  /** Folder of the job file. */
  readonly folder: string
}

/**
 * The file of a module, as an address: a path from the job file's folder, or a package, looked for from there and then
 * from whygraph's own folder.
 *
 * @throws UsageError `missing-module` or `missing-package`
 */
export function findModule(name: LoaderName): string {
  const { specifier, folder } = name
  if (/^\.{1,2}(?:[\\/]|$)/.test(specifier) || isAbsolute(specifier) || specifier.startsWith('file:')) {
    const path = resolve(folder, specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier)
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return pathToFileURL(path).href
    throw new UsageError('missing-module', `source ${name.source}: there is no loader ${path}`, {
      hint: 'The path of a loader is relative to the job file.',
      place: path,
    })
  }
  const packageName = PACKAGE.exec(specifier)?.[0]
  if (packageName === undefined || isBuiltin(specifier))
    throw new UsageError('missing-module', `source ${name.source}: ${specifier} is no loader`, {
      hint: 'Name a module of a package, or write ./my-loader.mjs for one beside the job file.',
    })
  const found = findPackage(packageName, join(folder, 'job.js')) ?? findPackage(packageName, import.meta.filename)
  if (found === null) throw missingPackage(name, packageName)
  const path = fileOf(found, `.${specifier.slice(packageName.length)}`)
  if (path !== null) return pathToFileURL(path).href
  throw new UsageError(
    'missing-module',
    `source ${name.source}: the package ${packageName} has no module ${specifier}`,
    {
      hint: `It was looked for in ${found}. Is the name right, and the package's version?`,
    },
  )
}

export function missingPackage({ source, specifier, folder }: LoaderName, packageName: string): UsageError {
  const others = packageName === '@langchain/community' ? ' @langchain/core' : ''
  return new UsageError(
    'missing-package',
    `source ${source}: the loader ${specifier} needs the package ${packageName}, which is not installed: npm install ${packageName}${others}`,
    { hint: `Run that in the job file's folder (${folder}), or where whygraph itself is installed.` },
  )
}

/** The package that an error of Node's says is not there, or null where it says something else. */
export function packageMissingBy(error: unknown): string | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const code = 'code' in cause ? cause.code : undefined
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') continue
    const specifier = /^Cannot find (?:package|module) '([^']{1,300})'/.exec(cause.message)?.[1] ?? ''
    const name = isAbsolute(specifier) || specifier.startsWith('file:') ? undefined : PACKAGE.exec(specifier)?.[0]
    if (name !== undefined) return name
  }
  return null
}

/** The folder of a package, seen from a file. */
function findPackage(packageName: string, from: string): string | null {
  const folders = createRequire(from).resolve.paths(packageName) ?? []
  const found = folders.find((folder) => existsSync(join(folder, packageName, 'package.json')))
  return found === undefined ? null : join(found, packageName)
}

/** What `import` would take. Node itself resolves only from where the importing file is. */
function fileOf(folder: string, subpath: string): string | null {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports?: unknown }
  if (exports === undefined || exports === null) {
    try {
      return createRequire(join(folder, 'package.json')).resolve(join(folder, subpath))
    } catch {
      return null
    }
  }
  const target = targetOf(exports, subpath)
  const path = target === null ? null : join(folder, target)
  return path !== null && dirname(path).startsWith(folder) && existsSync(path) ? path : null
}

function targetOf(exports: unknown, subpath: string): string | null {
  const hasPaths = isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.'))
  if (!hasPaths) return subpath === '.' ? choose(exports) : null
  if (Object.hasOwn(exports, subpath) && !subpath.includes('*')) return choose(exports[subpath])
  // The pattern that says most wins, as in Node.
  const patterns = Object.keys(exports).filter((key) => key.includes('*'))
  for (const pattern of patterns.toSorted((a, b) => b.indexOf('*') - a.indexOf('*'))) {
    const [before = '', after = ''] = pattern.split('*')
    const isMeant = subpath.startsWith(before) && subpath.endsWith(after) && subpath.length > pattern.length - 1
    if (!isMeant) continue
    const star = subpath.slice(before.length, subpath.length - after.length)
    return choose(exports[pattern])?.replaceAll('*', () => star) ?? null
  }
  return null
}

function choose(target: unknown): string | null {
  if (typeof target === 'string') return target.startsWith('./') ? target : null
  if (Array.isArray(target)) return choose(target.find((one) => choose(one) !== null))
  if (!isRecord(target)) return null
  for (const [condition, inner] of Object.entries(target)) {
    const chosen = CONDITIONS.has(condition) ? choose(inner) : null
    if (chosen !== null) return chosen
  }
  return null
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
