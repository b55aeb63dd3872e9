import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { UsageError } from '../src/model/errors.ts'
import { readFileList } from './job/file-list.ts'
import type { FileSource, ListSource } from './job/job-file.ts'
import {
  type FindOptions,
  type FoundFile,
  type GivenPath,
  givenPath,
  startWalk,
  type Walk,
  walkFrom,
} from './job/walk.ts'

export type { FindOptions, FoundFile, PassedOver } from './job/walk.ts'

/**
 * The files under the paths of a command line, folders walked in sorted order, each file once. Below a folder, what an
 * ignore file names is left out, and symbolic links are not followed: what they lead to either has its own name there
 * or is out of bounds. What is given by name is read whatever it is.
 */
export async function* findFiles(
  paths: readonly string[],
  base: string,
  options: AbortSignal | FindOptions = {},
): AsyncIterable<FoundFile> {
  const walk = await startWalk(base, options instanceof AbortSignal ? { signal: options } : (options as FindOptions))
  const given = await Promise.all(paths.map((path) => existingPath(path, base)))
  for (const path of given) yield* walkFrom(path, walk)
}

export interface SourceOptions extends Pick<FindOptions, 'signal' | 'onPassedOver'> {
  /** What a list of `-` is read from, and the folder that its paths are counted from. */
  readonly stdin?: { readonly stream: AsyncIterable<Uint8Array | string>; readonly cwd: string } | undefined
}

/**
 * The files of one source of a job. Their paths are relative to the source's folder, or to the job file's where they
 * are named one by one. What is named and not there is passed over as `missing`, and the rest goes on.
 */
export async function* findSourceFiles(source: FileSource, options: SourceOptions = {}): AsyncIterable<FoundFile> {
  const { signal, onPassedOver } = options
  if (source.from === 'folder') {
    const { include, exclude } = source
    const given = await existingPath(source.folder, source.base)
    if (!(await stat(given.real)).isDirectory())
      throw new UsageError('missing-path', `${source.folder} is no folder`, {
        hint: `In source ${source.name} of the job write files: [${source.folder}].`,
        place: source.folder,
      })
    yield* walkFrom(given, await startWalk(source.folder, { signal, onPassedOver, include, exclude }))
    return
  }
  const walk = await startWalk(source.base, { signal, onPassedOver })
  if (source.from === 'files') {
    for (const path of source.files) yield* walkNamed(path, source.base, walk)
    return
  }
  const { paths, base } = openList(source, options)
  for await (const path of paths) yield* walkNamed(path, base, walk)
}

async function* walkNamed(path: string, base: string, walk: Walk): AsyncIterable<FoundFile> {
  walk.signal?.throwIfAborted()
  const given = await givenPath(path, base).catch(() => null)
  if (given === null) walk.onPassedOver(path, 'missing')
  else yield* walkFrom(given, walk)
}

function openList(
  source: ListSource,
  { stdin, signal }: SourceOptions,
): { paths: AsyncIterable<string>; base: string } {
  if (source.list !== null) {
    const stream = readList(source.list, source.name, signal)
    return { paths: readFileList(stream, source.list), base: source.base }
  }
  if (stdin === undefined)
    throw new UsageError('no-stdin', `source ${source.name}: there is no stdin to read a list from`)
  return { paths: readFileList(stdin.stream, 'stdin'), base: stdin.cwd }
}

async function* readList(path: string, source: string, signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(path, { signal }) as AsyncIterable<Uint8Array>
  } catch (cause) {
    signal?.throwIfAborted()
    throw new UsageError('unreadable-file', `${path}: the list of source ${source} cannot be read`, {
      hint: 'Paths in a job are relative to the job file. Is the path right?',
      place: path,
      cause,
    })
  }
}

async function existingPath(path: string, base: string): Promise<GivenPath> {
  try {
    return await givenPath(path, base)
  } catch (cause) {
    throw new UsageError('missing-path', `${path}: no such file or folder`, {
      hint: `Paths are looked for from ${base}.`,
      place: path,
      cause,
    })
  }
}
