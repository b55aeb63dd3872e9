import { isAbsolute, relative, sep } from 'node:path'
import { findDate } from '../dates.ts'

type Metadata = Readonly<Record<string, unknown>>

const MAX_PATH = 1000
const MAX_ENTRIES = 100
const MAX_VALUE = 2000

/** Names that loaders give the same things; what a document says of itself goes before what its keeper recorded. */
const PATH_KEYS = ['source', 'id', 'url', 'title']
const DATE_KEYS = (
  'date publishedAt published_at published publishDate createdAt created_at created createdTime created_time ' +
  'creationDate lastModified last_modified lastModifiedAt modified modifiedTime updatedAt updated_at updated ' +
  'lastUpdated lastEditedTime last_edited_time'
).split(' ')
/** Parameters of an address that let its bearer in, and differ from run to run. */
const KEY_PARAMETER = /^(?:x-(?:amz|goog|ms)-.*|sig|signature|expires|token|.*_token|api[_-]?key|key|auth)$/i

/** A path that is safe to show and to compare, or null where the metadata has nothing of the sort. */
export function pathOf(metadata: Metadata, base: string, hide: (text: string) => string): string | null {
  for (const key of PATH_KEYS) {
    const value = metadata[key]
    const text = typeof value === 'number' ? String(value) : stringOf(value)
    // What LangChain's loader of files in memory calls all of them.
    if (text === null || (key === 'source' && text === 'blob')) continue
    const path = safePath(hide(key === 'title' ? text.replaceAll(/[\\/]/g, ' ') : localPath(text, base)))
    if (path !== '') return path
  }
  return null
}

/** An address without scheme, login and keys; a path of this machine as seen from the job file. */
function localPath(text: string, base: string): string {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    const url = URL.canParse(text) ? new URL(text) : null
    if (url === null) return text.replace(/^[^:]*:\/+(?:[^/@]*@)?/, '')
    for (const name of new Set(url.searchParams.keys())) if (KEY_PARAMETER.test(name)) url.searchParams.delete(name)
    const decoded = decodePath(`${url.host}${url.pathname}`)
    return `${decoded}${url.search}${url.hash}`
  }
  return isAbsolute(text) ? relative(base, text).split(sep).join('/') : text
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function safePath(text: string): string {
  const names = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .split(/[\\/]/)
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== '.' && name !== '..')
  const path = names.join('/')
  // The end of a path tells more than its beginning.
  return path.length <= MAX_PATH ? path : `…${path.slice(1 - MAX_PATH).toWellFormed()}`
}

/** The date that the metadata states, as ISO. */
export function dateOf(metadata: Metadata): string | null {
  for (const key of DATE_KEYS) {
    const value = metadata[key]
    const date = typeof value === 'string' ? findDate(value.slice(0, 200)) : dateOfTime(value)
    if (date !== null) return date
  }
  return null
}

/** A Date, or a number of seconds or milliseconds since 1970 that lies in this half of the century or the last. */
function dateOfTime(value: unknown): string | null {
  const time = value instanceof Date ? value.getTime() : typeof value === 'number' ? value : Number.NaN
  const milliseconds = value instanceof Date || time >= 1e11 ? time : time >= 1e8 ? time * 1000 : Number.NaN
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? null : findDate(date.toISOString().slice(0, 10))
}

/** Where the loader gives one document for each page. */
export function pageOf(metadata: Metadata): number | null {
  const page = entryOf(metadata['loc'], 'pageNumber')
  return typeof page === 'number' && Number.isSafeInteger(page) && page > 0 ? page : null
}

/** How many lines of its source come before a part that LangChain's splitter made. */
export function shiftOf(metadata: Metadata): number {
  const from = entryOf(entryOf(metadata['loc'], 'lines'), 'from')
  return typeof from === 'number' && Number.isSafeInteger(from) && from > 0 ? from - 1 : 0
}

/** What is one value or a list of single values, as text. */
export function metadataOf(metadata: Metadata, hide: (text: string) => string): Record<string, string | string[]> {
  const kept: [string, string | string[]][] = []
  for (const [key, value] of Object.entries(metadata)) {
    if (kept.length >= MAX_ENTRIES) break
    const texts = Array.isArray(value) ? value.slice(0, MAX_ENTRIES).map(scalarText) : [scalarText(value)]
    const shown = texts
      .filter((text) => text !== null && text !== '')
      .map((text) => hide(text ?? '').slice(0, MAX_VALUE))
    if (key === '__proto__' || shown.length === 0 || texts.includes(null)) continue
    kept.push([key.slice(0, 200), Array.isArray(value) ? shown : (shown[0] ?? '')])
  }
  return Object.fromEntries(kept)
}

export function stringOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null
}

function scalarText(value: unknown): string | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value) ? String(value) : null
}

function entryOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
}
