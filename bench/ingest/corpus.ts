import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Corpus {
  readonly folder: string
  readonly documents: number
  readonly characters: number
}

interface Meeting {
  readonly meeting_transcripts: readonly { readonly speaker: string; readonly content: string }[]
}

const GROUPS = ['academic', 'committee', 'product']

/**
 * Meetings of QMSum as plain text, `Speaker: utterance` a line, chosen and written as `build_corpus.py` of the peers
 * does. `copies` makes it so many times as large: the speakers of each copy bear its number, so that no request is
 * made twice.
 */
export function buildCorpus(qmsum: string, folder: string, documents: number, copies = 1): Corpus {
  const groups = GROUPS.map((group) => meetingsIn(join(qmsum, group)))
  const longest = Math.max(...groups.map((group) => group.length))
  const inTurns = Array.from({ length: longest }, (_, index) => groups.flatMap((group) => group[index] ?? [])).flat()
  const meetings = inTurns.slice(0, documents)
  mkdirSync(folder, { recursive: true })
  let characters = 0
  for (let copy = 1; copy <= copies; copy += 1)
    for (const path of meetings) {
      const text = toText(path, copy === 1 ? '' : ` ${copy}`)
      characters += text.length
      writeFileSync(join(folder, `${path.slice(path.lastIndexOf('/') + 1, -'.json'.length)}-${copy}.txt`), text)
    }
  return { folder, documents: meetings.length * copies, characters }
}

function meetingsIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  return names.toSorted().map((name) => join(folder, name))
}

function toText(path: string, mark: string): string {
  const { meeting_transcripts: turns } = JSON.parse(readFileSync(path, 'utf8')) as Meeting
  const lines = turns.flatMap(({ speaker, content }) => {
    const said = content
      .replaceAll(/\{[a-z]+\}/g, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
    return said === '' ? [] : [`${speaker.trim()}${mark}: ${said}\n`]
  })
  return lines.join('')
}
