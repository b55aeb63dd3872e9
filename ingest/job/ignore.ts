import ignore, { type Ignore } from 'ignore'
import { constants } from 'node:fs'
import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'

const MAX_BYTES = 1024 * 1024
const MAX_RULES = 5000
const MAX_RULE_LENGTH = 1000
/** Folders of any number inside a rule (`/**` and a slash): each multiplies the time that a deep path takes. */
const MAX_GLOBSTARS = 2
const MAX_GLOBSTARS_OF_FILE = 100
/** After so many questions a matcher is made anew: it remembers every path that it was ever asked about. */
const MAX_REMEMBERED = 10_000

/** As git has it on the machine's usual file systems. */
const OPTIONS = { ignorecase: process.platform === 'win32' || process.platform === 'darwin' }

interface Matcher {
  rules: Ignore
  asked: number
}

/** The rules of one folder on top of those of the folders above it. Paths are absolute and without links. */
export interface IgnoreRules {
  readonly folder: string
  /** Of `.gitignore`. */
  readonly git: Matcher | null
  /** Of `.whygraphignore`. */
  readonly own: Matcher | null
  /** Git does not look above the root of a repository; `.whygraphignore` is looked for beyond. */
  readonly isGitRoot: boolean
  readonly above: IgnoreRules | null
}

/** Told of an ignore file that cannot be obeyed in full: too large, unreadable, or with rules beyond all measure. */
export type OnCut = (file: string) => void

/**
 * The rules that hold inside a folder that was asked for by name: its own, and those of its parents up to the git root,
 * and to `base` where that is above. What they say of the folder itself does not matter.
 */
export async function rulesInside(folder: string, base: string, onCut: OnCut): Promise<IgnoreRules | null> {
  let rules: IgnoreRules | null = null
  for (const parent of await parentsOf(folder, base)) rules = await addRules(rules, parent, onCut)
  return rules
}

/** From the top one down to the folder itself. */
async function parentsOf(folder: string, base: string): Promise<string[]> {
  const parents: string[] = []
  let [count, isInGit, isAtBase] = [1, false, false]
  for (let parent = folder; ; parent = dirname(parent)) {
    parents.push(parent)
    if (!isInGit && (await exists(join(parent, '.git')))) [count, isInGit] = [parents.length, true]
    if (parent === base) [count, isAtBase] = [parents.length, true]
    if (dirname(parent) === parent || (isInGit && (isAtBase || !isInside(parent, base)))) break
  }
  return parents.slice(0, count).toReversed()
}

/** With the rules of a folder that is gone into; `names` is what it holds, where that is known. */
export async function addRules(
  above: IgnoreRules | null,
  folder: string,
  onCut: OnCut,
  names?: ReadonlySet<string>,
): Promise<IgnoreRules | null> {
  const read = (name: string): Promise<Matcher | null> | null =>
    names?.has(name) === false ? null : readMatcher(join(folder, name), onCut)
  const outer = above === null ? null : wanting(above, folder)
  const git = await read('.gitignore')
  const own = await read('.whygraphignore')
  const isGitRoot = names === undefined ? await exists(join(folder, '.git')) : names.has('.git')
  if (git === null && own === null && !(isGitRoot && outer !== null)) return outer
  return { folder, git, own, isGitRoot, above: outer }
}

/**
 * Whether something is to be passed over. The nearest folder that has a rule for it decides, as with git; any rule of a
 * `.whygraphignore` goes before all of `.gitignore`.
 */
export function isIgnored(rules: IgnoreRules | null, path: string, isFolder: boolean): boolean {
  return answerOf(rules, path, isFolder, 'own') ?? answerOf(rules, path, isFolder, 'git') ?? false
}

function answerOf(rules: IgnoreRules | null, path: string, isFolder: boolean, file: 'git' | 'own'): boolean | null {
  for (let level = rules; level !== null; level = level.above) {
    const matcher = level[file]
    const answer = matcher && ask(matcher, `${pathFrom(level.folder, path)}${isFolder ? '/' : ''}`)
    if (answer !== null) return answer
    if (file === 'git' && level.isGitRoot) return null
  }
  return null
}

/** True: ignored; false: wanted; null: no rule for it. */
function ask(matcher: Matcher, path: string): boolean | null {
  matcher.asked += 1
  if (matcher.asked % MAX_REMEMBERED === 0) matcher.rules = ignore(OPTIONS).add(matcher.rules)
  const { ignored, unignored } = matcher.rules.test(path)
  return ignored ? true : unignored ? false : null
}

/** The same rules for the inside of a folder that is read although some of them, overruled, ignore it or its parents. */
function wanting(rules: IgnoreRules, folder: string): IgnoreRules {
  const above = rules.above === null ? null : wanting(rules.above, folder)
  const inside = pathFrom(rules.folder, folder)
  const git = rules.git && wantingMatcher(rules.git, inside)
  const own = rules.own && wantingMatcher(rules.own, inside)
  return above === rules.above && git === rules.git && own === rules.own ? rules : { ...rules, git, own, above }
}

function wantingMatcher(matcher: Matcher, folder: string): Matcher {
  if (folder === '' || ask(matcher, `${folder}/`) !== true) return matcher
  const names = folder.split('/').map((name) => name.replaceAll(/[^\p{L}\p{N}]/gu, String.raw`\$&`))
  const wanted = names.map((_, index) => `!/${names.slice(0, index + 1).join('/')}/`)
  return { rules: ignore(OPTIONS).add(matcher.rules).add(wanted), asked: 0 }
}

async function readMatcher(file: string, onCut: OnCut): Promise<Matcher | null> {
  let handle: FileHandle | null = null
  try {
    // Not through links, as git does it, and without waiting for whoever might write into a pipe of this name.
    handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    const state = await handle.stat()
    if (!state.isFile()) return null
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(state.size, MAX_BYTES)), 0, null, 0)
    const text = buffer.toString('utf8', 0, bytesRead)
    const isCut = state.size > MAX_BYTES
    const rules = usableRules(isCut ? text.slice(0, text.lastIndexOf('\n') + 1) : text)
    if (isCut || rules.isCut) onCut(file)
    return { rules: ignore(OPTIONS).add(rules.text), asked: 0 }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')))
      onCut(file)
    return null
  } finally {
    await handle?.close()
  }
}

/** Without the rules that would take too long to ask. */
function usableRules(text: string): { text: string; isCut: boolean } {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'))
  let globstars = 0
  const usable = lines.slice(0, MAX_RULES).filter((line) => {
    if (line.length > MAX_RULE_LENGTH) return false
    const inside = line.match(/\/\*{2,}(?=\/)/g)?.length ?? 0
    globstars += inside
    return inside <= MAX_GLOBSTARS && globstars <= MAX_GLOBSTARS_OF_FILE
  })
  return { text: usable.join('\n'), isCut: usable.length < lines.length }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function isInside(folder: string, path: string): boolean {
  return folder === path || folder.startsWith(path.endsWith(sep) ? path : path + sep)
}

function pathFrom(folder: string, path: string): string {
  const inside = path.slice(folder.endsWith(sep) ? folder.length : folder.length + 1)
  return sep === '/' ? inside : inside.replaceAll(sep, '/')
}
