import { crc32 } from 'node:zlib'
import { InputError } from '../src/model/errors.ts'
import { fromBufferPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl'

/**
 * Limits of one archive, checked before anything is inflated and again while it is. A workbook or book of honest
 * people stays far below; a bomb of 600 KB claims 600 MB. See CONTRIBUTING.md, "Limits".
 */
const MAX_ENTRY_BYTES = 50 * 1024 * 1024
const MAX_TOTAL_BYTES = 100 * 1024 * 1024
const MAX_RATIO = 200
const MAX_ENTRIES = 2000
const MAX_NAME_LENGTH = 1024

/** Ways of packing, by number as in the format's description (APPNOTE.TXT, 4.4.5). */
const STORED = 0
const DEFLATED = 8
/** The extra field in which Info-ZIP keeps the name in UTF-8. */
const UNICODE_NAME = 0x7075

/** An open archive. */
export interface Zip {
  /** In the order of the archive's directory, with `/`; folders and what is in `leftOut` are not among them. */
  readonly names: readonly string[]
  /** Entries that cannot be had under a name of their own: it leads out of the archive, or comes again later. */
  readonly leftOut: readonly LeftOut[]
  has(name: string): boolean
  /** @throws InputError `corrupt`, `encrypted`, `unsupported-format`; `corrupt` where there is no such entry */
  read(name: string): Promise<Uint8Array>
}

/** An entry that is not among the names of its archive; `why` completes "… is left out: it …". */
export interface LeftOut {
  readonly name: string
  readonly why: string
}

/** @throws InputError `limit`, `corrupt`; `path` is for the message only */
export async function openZip(bytes: Uint8Array, path: string): Promise<Zip> {
  const archive = await open(bytes, path)
  const entries = new Map<string, Entry>()
  const leftOut: LeftOut[] = []
  let total = 0
  let count = 0
  try {
    for await (const entry of archive.eachEntry()) {
      count += 1
      if (count > MAX_ENTRIES) throw overLimit(path, `more than ${MAX_ENTRIES} files inside`)
      const name = nameOf(entry)
      if (name.endsWith('/')) continue
      const why = isLink(entry) ? 'is a link to another file' : whyUnusable(name)
      if (why !== null) {
        leftOut.push({ name, why })
        continue
      }
      const { compressedSize, uncompressedSize } = entry
      total += uncompressedSize
      if (uncompressedSize > MAX_ENTRY_BYTES) throw overLimit(path, `${name} unpacks to ${megabytes(uncompressedSize)}`)
      if (total > MAX_TOTAL_BYTES) throw overLimit(path, `unpacks to over ${megabytes(MAX_TOTAL_BYTES)}`)
      if (uncompressedSize > 1024 * 1024 && uncompressedSize > compressedSize * MAX_RATIO)
        throw overLimit(path, `${name} unpacks to more than ${MAX_RATIO} times its size`)
      // Programs that add to an archive write the new version behind the old one.
      if (entries.has(name)) leftOut.push({ name, why: 'comes again later in the archive' })
      entries.set(name, entry)
    }
  } catch (cause) {
    throw asInputError(cause, path, 'the archive')
  }
  return {
    names: [...entries.keys()],
    leftOut,
    has: (name) => entries.has(name),
    read: async (name) => {
      const entry = entries.get(name)
      if (entry === undefined) throw corrupt(path, `${name} is missing inside`, undefined)
      if (entry.isEncrypted()) throw encrypted(path)
      if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) throw unknownMethod(path, name)
      try {
        return await inflate(archive, entry)
      } catch (cause) {
        throw asInputError(cause, path, `${name} inside`)
      }
    },
  }
}

async function open(bytes: Uint8Array, path: string): Promise<ZipFile> {
  try {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    // Names are checked below: one bad name must not cost the whole file.
    return await fromBufferPromise(buffer, { lazyEntries: true, decodeStrings: false, autoClose: false })
  } catch (cause) {
    throw corrupt(path, 'the archive is damaged or cut off', cause)
  }
}

/** Counts while it inflates: sizes in the directory may lie. */
async function inflate(archive: ZipFile, entry: Entry): Promise<Uint8Array> {
  const stream = await archive.openReadStreamPromise(entry)
  const parts: Buffer[] = []
  let size = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    size += part.length
    if (size > MAX_ENTRY_BYTES) {
      stream.destroy()
      throw new Error('invalid size: more than the directory says')
    }
    parts.push(part)
  }
  const bytes = Buffer.concat(parts)
  if (crc32(bytes) !== entry.crc32) throw new Error('its checksum does not fit')
  return bytes
}

/** UTF-8 where it says so or can be nothing else (macOS does not say), else the old code page of DOS. */
function nameOf(entry: Entry): string {
  const { generalPurposeBitFlag: flags, fileNameRaw, extraFields } = entry
  const hasUnicodeName = extraFields.some(({ id }) => id === UNICODE_NAME)
  const name =
    (hasUnicodeName ? null : asUtf8(fileNameRaw)) ?? getFileNameLowLevel(flags, fileNameRaw, extraFields, true)
  return name.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '')
}

function asUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

function whyUnusable(name: string): string | null {
  if (name.startsWith('/') || /^[a-z]:/i.test(name) || name.split('/').includes('..'))
    return 'would lie outside of the archive'
  if (name === '' || name.length > MAX_NAME_LENGTH || name.includes('\0')) return 'has no usable name'
  return null
}

/** Unix keeps the kind of a file in the upper half of its attributes; a link's content is where it leads. */
function isLink(entry: Entry): boolean {
  return entry.versionMadeBy >> 8 === 3 && entry.externalFileAttributes >>> 28 === 0xa
}

function asInputError(cause: unknown, path: string, what: string): InputError {
  if (cause instanceof InputError) return cause
  // What the library says of archives whose whole content is locked.
  if (cause instanceof Error && cause.message.includes('strong encryption')) return encrypted(path)
  return corrupt(path, `${what} is damaged`, cause)
}

function unknownMethod(path: string, name: string): InputError {
  return new InputError('unsupported-format', `${path}: ${name} inside is packed in a way that is not read`, {
    place: path,
    hint: 'Pack it again as a usual zip archive, or give the folder.',
  })
}

function corrupt(path: string, what: string, cause: unknown): InputError {
  return new InputError('corrupt', `${path}: ${what}`, {
    place: path,
    hint: 'Open it in the program that wrote it and save it again.',
    cause,
  })
}

function encrypted(path: string): InputError {
  return new InputError('encrypted', `${path}: is protected by a password`, {
    place: path,
    hint: 'Save a copy without the password.',
  })
}

function overLimit(path: string, what: string): InputError {
  return new InputError('limit', `${path}: ${what}; it was not opened`, {
    place: path,
    hint: 'This is how zip bombs look. If it is honest, unpack it yourself and give the folder.',
  })
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MB`
}
