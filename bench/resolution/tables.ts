import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { linkRecords, rankMisheard } from '../../src/resolve/identity/identity.ts'
import { sameGiven } from '../../src/resolve/identity/person-name.ts'
import { pairsIn, type Score } from './scores.ts'

type Cells = Readonly<Record<string, string>>

const readCells = (path: string): Cells[] =>
  parse(readFileSync(path, 'utf8'), { columns: (header: string[]) => header.map((name) => name.trim()), trim: true })

/** How often the right name of the glossary comes first, and among five. The glossary is all right names of the file. */
export function measureMisheard(path: string): { all: number; first: number; amongFive: number } {
  const lines = readFileSync(path, 'utf8').split('\n')
  const rows = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as { asr: string; canonical: string })
  const glossary = rows.map(({ canonical }) => canonical)
  const places = rows.map(({ asr, canonical }) =>
    rankMisheard(asr, glossary).findIndex(({ name }) => name === canonical),
  )
  const { length: all } = rows
  return {
    all,
    first: places.filter((place) => place === 0).length / all,
    amongFive: places.filter((place) => place >= 0).length / all,
  }
}

/** Synthetic persons: `rec-7-org` and `rec-7-dup-0` are one. */
export function measureFebrl(path: string): Record<'joined' | 'found', Score> {
  return score(
    readCells(path).map(({ rec_id: id = '', ...attributes }) => ({ id, thing: id.split('-')[1] ?? id, attributes })),
  )
}

/** Sites of several lists, by name, address, zip code and telephone. */
export function measureSites(path: string): Record<'joined' | 'found', Score> {
  return score(
    readCells(path).map((row, index) => {
      const { 'Site name': name = '', Address: address = '', Zip: zip = '', Phone: phone = '' } = row
      return { id: String(index), thing: row['True Id'] ?? '', attributes: { name, address, zip, phone } }
    }),
  )
}

/** How many pairs of a name and its short form our table knows. */
export function measureNicknames(path: string): { all: number; known: number } {
  const rows = readCells(path)
  const known = rows.filter(({ name1 = '', name2 = '' }) => sameGiven(name1, name2) === 'nickname')
  return { all: rows.length, known: known.length }
}

function score(rows: readonly { id: string; thing: string; attributes: Cells }[]): Record<'joined' | 'found', Score> {
  const thingOf = new Map(rows.map(({ id, thing }) => [id, thing]))
  const all = pairsIn(thingOf.values())
  const links = linkRecords(rows)
  const count = (verdicts: readonly (string | null)[]): Score => {
    const chosen = links.filter(({ verdict }) => verdicts.includes(verdict))
    const right = chosen.filter(({ a, b }) => thingOf.get(a) === thingOf.get(b)).length
    return { right, wrong: chosen.length - right, all }
  }
  return { joined: count(['join']), found: count(['join', 'propose']) }
}
