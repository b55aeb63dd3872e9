import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join } from 'node:path'

/**
 * Packages that users install beside whygraph (loaders, LangChain), found from where the users are. Node itself
 * resolves only from where the importing file is.
 */
const PACKAGE = /^(?:@[\w.~-]+\/)?[\w~][\w.~-]*(?=\/|$)/
/** How `import` asks for a package's files. `require` would do for most, but not for those that know only `import`. */
const CONDITIONS: ReadonlySet<string> = new Set(['node', 'import', 'module-sync', 'default'])

/** `@a/b` of `@a/b/c.js`; null where it names no package. */
export function packageNameOf(specifier: string): string | null {
  return PACKAGE.exec(specifier)?.[0] ?? null
}

/** The package that an error of Node's says is not there, or null where it says something else. */
export function packageMissingBy(error: unknown): string | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    const code = 'code' in cause ? cause.code : undefined
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') continue
    const specifier = /^Cannot find (?:package|module) '([^']{1,300})'/.exec(cause.message)?.[1] ?? ''
    const name = isAbsolute(specifier) || specifier.startsWith('file:') ? null : packageNameOf(specifier)
    if (name !== null) return name
  }
  return null
}

/** The folder of a package, seen from a file. */
export function findPackage(packageName: string, from: string): string | null {
  const folders = createRequire(from).resolve.paths(packageName) ?? []
  const found = folders.find((folder) => existsSync(join(folder, packageName, 'package.json')))
  return found === undefined ? null : join(found, packageName)
}

/** The file that `import` would take; null where the package has none there. @param subpath `.` or `./a/b` */
export function fileOfPackage(folder: string, subpath: string): string | null {
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
