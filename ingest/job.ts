import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { join, relative, resolve, sep } from 'node:path'
import { UsageError } from '../src/model/errors.ts'

export interface FoundFile {
  readonly absolute: string
  /** Relative to the base of the job, with `/` whatever the machine uses. */
  readonly path: string
}

/** Why something below a given folder was not looked at. */
export type PassedOver = 'hidden' | 'dependencies' | 'link' | 'special' | 'unreadable'

export interface FindOptions {
  readonly signal?: AbortSignal | undefined
  /** Told of everything that is left out, for the summary. */
  readonly onPassedOver?: ((path: string, why: PassedOver) => void) | undefined
}

/** A job beyond this is a mistake (`/`), and no list of it should be held in memory. */
const MAX_FILES = 1_000_000
const MAX_DEPTH = 64

/**
 * The files under the paths of a command line or job file, folders walked in sorted order, each file once. Below a
 * folder, symbolic links are not followed: what they lead to either has its own name there or is out of bounds.
 */
export async function* findFiles(
  paths: readonly string[],
  base: string,
  options: AbortSignal | FindOptions = {},
): AsyncIterable<FoundFile> {
  const { signal, onPassedOver } = options instanceof AbortSignal ? { signal: options } : (options as FindOptions)
  const seen = new Set<string>()
  // Last in, first out: the next to visit is at the end.
  const open = await Promise.all(paths.map((path) => openPath(path, base)))
  open.reverse()
  for (let entry = open.pop(); entry; entry = open.pop()) {
    signal?.throwIfAborted()
    const { real, absolute, depth } = entry
    const path = toSlashes(relative(base, absolute))
    if (seen.has(real)) continue
    seen.add(real)
    const kind = await lstat(real).catch(() => null)
    if (kind === null) onPassedOver?.(path, 'unreadable')
    else if (kind.isFile()) {
      if (seen.size > MAX_FILES) {
        throw new UsageError('too-many-files', `More than ${MAX_FILES} files and folders under ${paths.join(', ')}`, {
          hint: 'Give a smaller folder, or several jobs.',
        })
      }
      yield { absolute, path }
    } else if (kind.isDirectory()) {
      const names = await readdir(real, { withFileTypes: true }).catch(() => null)
      if (names === null || depth >= MAX_DEPTH) {
        onPassedOver?.(path, 'unreadable')
        continue
      }
      for (const child of names.toSorted((a, b) => (a.name < b.name ? 1 : -1))) {
        const why = child.isSymbolicLink() ? 'link' : passOver(child.name)
        if (why !== null) onPassedOver?.(`${path === '' ? '' : `${path}/`}${child.name}`, why)
        else open.push({ real: join(real, child.name), absolute: join(absolute, child.name), depth: depth + 1 })
      }
    } else onPassedOver?.(path, 'special')
  }
}

interface OpenPath {
  /** Without links, so that two ways to one file are seen as one. */
  readonly real: string
  readonly absolute: string
  readonly depth: number
}

async function openPath(path: string, base: string): Promise<OpenPath> {
  const absolute = resolve(base, path)
  try {
    await stat(absolute)
    return { real: await realpath(absolute), absolute, depth: 0 }
  } catch (cause) {
    throw new UsageError('missing-path', `${path}: no such file or folder`, {
      hint: `Paths are looked for from ${base}.`,
      place: path,
      cause,
    })
  }
}

function passOver(name: string): PassedOver | null {
  if (name === 'node_modules') return 'dependencies'
  // .git and .whygraph are hidden as well.
  return name.startsWith('.') ? 'hidden' : null
}

function toSlashes(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/')
}
