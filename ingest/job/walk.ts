import { type Dirent } from 'node:fs'
import { lstat, readdir, realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { UsageError } from '../../src/model/errors.ts'
import { type Glob, parseGlob } from './glob.ts'
import { addRules, type IgnoreRules, isIgnored, rulesInside } from './ignore.ts'

export interface FoundFile {
  readonly absolute: string
  /** Relative to the base of the job, with `/` whatever the machine uses. */
  readonly path: string
}

/**
 * Why something was not looked at: below a given folder, or, where it is `missing`, in a list. `excluded` is by the
 * patterns of the job, `ignored` by an ignore file; `ignore-file` is one that could not be obeyed in full.
 */
export type PassedOver =
  | 'hidden'
  | 'dependencies'
  | 'link'
  | 'special'
  | 'unreadable'
  | 'ignored'
  | 'excluded'
  | 'missing'
  | 'ignore-file'

export interface FindOptions {
  readonly signal?: AbortSignal | undefined
  /** Told of everything that is left out, for the summary. */
  readonly onPassedOver?: ((path: string, why: PassedOver) => void) | undefined
  /** Patterns for paths inside a given folder; without any, all files are meant. */
  readonly include?: readonly string[] | null | undefined
  readonly exclude?: readonly string[] | undefined
}

/** A job beyond this is a mistake (`/`), and no list of it should be held in memory. */
const MAX_FILES = 1_000_000
const MAX_DEPTH = 64

/** What several paths of one walk share. */
export interface Walk {
  readonly base: string
  readonly realBase: string
  readonly signal: AbortSignal | undefined
  readonly onPassedOver: (path: string, why: PassedOver) => void
  readonly include: readonly Glob[] | null
  readonly exclude: readonly Glob[]
  /** Real paths, so that each file is found once. */
  readonly seen: Set<string>
}

/** A path that was asked for by name. */
export interface GivenPath {
  /** Without links, so that two ways to one file are seen as one. */
  readonly real: string
  readonly absolute: string
}

interface Entry extends GivenPath {
  readonly depth: number
  /** Relative to the given folder, with `/`; empty for the folder itself. */
  readonly inside: string
  /** Those of the folder that it is in. */
  readonly rules: IgnoreRules | null
}

export async function startWalk(base: string, options: FindOptions): Promise<Walk> {
  const { signal, onPassedOver = () => undefined, include, exclude = [] } = options
  return {
    base,
    realBase: await realpath(base).catch(() => resolve(base)),
    signal,
    onPassedOver,
    include: include?.map(parseGlob) ?? null,
    exclude: exclude.map(parseGlob),
    seen: new Set(),
  }
}

/** @throws where there is no such file or folder */
export async function givenPath(path: string, base: string): Promise<GivenPath> {
  const absolute = resolve(base, path)
  return { real: await realpath(absolute), absolute }
}

/** The file itself, or the files in the folder, in sorted order. */
export async function* walkFrom(given: GivenPath, walk: Walk): AsyncGenerator<FoundFile> {
  // Last in, first out: the next to visit is at the end.
  const open: Entry[] = [{ ...given, depth: 0, inside: '', rules: null }]
  for (let entry = open.pop(); entry; entry = open.pop()) {
    walk.signal?.throwIfAborted()
    const { real, absolute } = entry
    if (walk.seen.has(real)) continue
    walk.seen.add(real)
    const path = pathFrom(walk.base, absolute)
    const kind = await lstat(real).catch(() => null)
    if (kind === null) walk.onPassedOver(path, 'unreadable')
    else if (kind.isFile()) {
      if (walk.seen.size > MAX_FILES)
        throw new UsageError('too-many-files', `More than ${MAX_FILES} files and folders in one job`, {
          hint: 'Give a smaller folder, or several jobs.',
        })
      yield { absolute, path }
    } else if (kind.isDirectory()) open.push(...(await childrenOf(entry, path, walk)))
    // It was a folder or file when its parent was listed.
    else walk.onPassedOver(path, kind.isSymbolicLink() ? 'link' : 'special')
  }
}

/** What is wanted of a folder, the last to visit first. */
async function childrenOf(entry: Entry, path: string, walk: Walk): Promise<Entry[]> {
  const listed = await readdir(entry.real, { withFileTypes: true }).catch(() => null)
  if (listed === null || entry.depth >= MAX_DEPTH) {
    walk.onPassedOver(path, 'unreadable')
    return []
  }
  const onCut = (file: string): void => walk.onPassedOver(pathFrom(walk.realBase, file), 'ignore-file')
  const rules =
    entry.depth === 0
      ? await rulesInside(entry.real, walk.realBase, onCut)
      : await addRules(entry.rules, entry.real, onCut, new Set(listed.map((child) => child.name)))
  const children: Entry[] = []
  for (const child of listed.toSorted((a, b) => (a.name < b.name ? 1 : -1))) {
    const real = join(entry.real, child.name)
    const inside = entry.inside === '' ? child.name : `${entry.inside}/${child.name}`
    const why =
      passOver(child) ??
      (isIgnored(rules, real, child.isDirectory()) ? 'ignored' : null) ??
      exclude(child, inside, walk)
    if (why !== null) walk.onPassedOver(path === '' ? child.name : `${path}/${child.name}`, why)
    else children.push({ real, absolute: join(entry.absolute, child.name), depth: entry.depth + 1, inside, rules })
  }
  return children
}

function passOver(child: Dirent): PassedOver | null {
  if (child.isSymbolicLink()) return 'link'
  if (child.name === 'node_modules') return 'dependencies'
  // .git and .whygraph are hidden as well.
  return child.name.startsWith('.') ? 'hidden' : null
}

function exclude(child: Dirent, inside: string, { include, exclude }: Walk): PassedOver | null {
  if (exclude.some((glob) => (child.isDirectory() ? glob.coversFolder(inside) : glob.matches(inside))))
    return 'excluded'
  if (include === null) return null
  const isMeant = include.some((glob) => (child.isDirectory() ? glob.reachesBelow(inside) : glob.matches(inside)))
  return isMeant ? null : 'excluded'
}

/** With `/`; leads out of the folder by `..`. */
function pathFrom(folder: string, path: string): string {
  const inside = relative(folder, path)
  return sep === '/' || isAbsolute(inside) ? inside : inside.split(sep).join('/')
}
