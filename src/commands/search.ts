import type { Command } from 'commander'
import { UsageError } from '../model/errors.ts'
import { derivedLinks } from '../store/links.ts'
import { readChunk, readDocument, readEntity, type StoredLink } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import { fit } from '../terminal/table.ts'
import { type CommonFlags, type Context, withStore } from './context.ts'

interface Hit {
  readonly kind: 'Entity' | 'Label' | 'Link' | 'Chunk'
  readonly id: string
  readonly text: string
}

const MOST = 10

export function addSearch(program: Command, context: Context): void {
  program
    .command('search')
    .summary('entities, labels, links and chunks by words')
    .description('Example: whygraph search billing migration')
    .argument('<words...>', 'words to look for, in any order')
    .action(async (given: string[], _: unknown, command: Command) => {
      const flags: CommonFlags = command.optsWithGlobals()
      const words = given.flatMap((text) => text.match(/[\p{L}\p{N}]+/gu) ?? [])
      if (words.length === 0)
        throw new UsageError('no-words', 'there is no word to look for', { hint: 'Give letters or digits.' })
      await withStore(context, context.settings(flags), async (store) => {
        const hits = await searchStore(store, words)
        if (flags.json) return context.print(printableJson({ version: 1, hits }, 2))
        if (hits.length === 0) return context.say(`nothing found for ${printable(words.join(' '))}`)
        const lines = hits.map((hit) =>
          fit(
            `${hit.kind.padEnd(6)}  ${hit.id.slice(0, 8)}  ${printable(hit.text)}`,
            context.printsToTerminal ? context.width : Infinity,
          ),
        )
        context.print(lines.join('\n'))
      })
    })
}

async function searchStore(store: Store, words: readonly string[]): Promise<Hit[]> {
  const { entities, labels, labelling, chunks, documents } = await store.database.read(async (reader) => {
    const [named = []] = await reader.search('Entity', [{ words, limit: MOST }])
    const [inText = []] = await reader.search('Chunk', [{ words, limit: MOST }])
    const [inSummary = []] = await reader.search('Summary', [{ words, limit: MOST }])
    // Those found by their own words first.
    const known = new Set(inText.map(({ id }) => id))
    const written = [...inText, ...inSummary.filter(({ id }) => !known.has(id))].slice(0, MOST)
    const found = (
      await reader.get(
        'Chunk',
        written.map((hit) => hit.id),
      )
    ).map(readChunk)
    const [topics = []] = await reader.search('Label', [{ words, limit: MOST }])
    const topicIds = topics.map(({ id }) => id)
    return {
      labels: inOrder(topics, await reader.get('Label', topicIds)),
      labelling: derivedLinks(await reader.findEach('Link', 'objectId', topicIds, MOST)),
      entities: inOrder(
        named,
        (
          await reader.get(
            'Entity',
            named.map((hit) => hit.id),
          )
        ).map(readEntity),
      ),
      chunks: inOrder(written, found),
      documents: (await reader.get('Document', [...new Set(found.map((chunk) => chunk.documentId))])).map(readDocument),
    }
  })
  const links = new Map<string, StoredLink>(labelling.map((link) => [link.id, link]))
  for (const entity of entities) for (const link of await store.linksOf(entity.id)) links.set(link.id, link)
  const ranked = [...links.values()]
    .map((link) => ({ link, matches: countMatches(linkText(link), words) }))
    .toSorted(
      (a, b) => b.matches - a.matches || b.link.confidence - a.link.confidence || (a.link.id < b.link.id ? -1 : 1),
    )
  const paths = new Map(documents.map((document) => [document.id, document.path]))
  return [
    ...entities.map((entity): Hit => ({ kind: 'Entity', id: entity.id, text: `${entity.name} (${entity.type})` })),
    ...labels.map((label): Hit => ({ kind: 'Label', id: label.id, text: String(label.properties['name']) })),
    ...ranked.slice(0, MOST).map(({ link }): Hit => ({ kind: 'Link', id: link.id, text: linkText(link) })),
    ...chunks.map((chunk): Hit => {
      const { text, about } = chunk
      const isInText = about === undefined || countMatches(text, words) > 0
      const told = isInText ? around(text, words) : `(summary) ${around(about.summary, words)}`
      return { kind: 'Chunk', id: chunk.id, text: `${paths.get(chunk.documentId) ?? ''}: ${told}` }
    }),
  ]
}

function linkText(link: StoredLink): string {
  return `${link.subject} ──${link.type}──▶ ${link.object}  ${link.status}  »${link.items[0]?.evidence ?? ''}«`
}

function countMatches(text: string, words: readonly string[]): number {
  const lower = text.toLowerCase()
  return words.filter((word) => lower.includes(word.toLowerCase())).length
}

function around(text: string, words: readonly string[]): string {
  const lower = text.toLowerCase()
  const at = Math.min(
    ...words.map((word) => lower.indexOf(word.toLowerCase())).filter((index) => index >= 0),
    text.length,
  )
  const start = at === text.length ? 0 : Math.max(0, at - 40)
  return `${start > 0 ? '…' : ''}${text.slice(start, start + 160)}`
}

function inOrder<T extends { id: string }>(hits: readonly { id: string }[], found: readonly T[]): T[] {
  const byId = new Map(found.map((one) => [one.id, one]))
  return hits.flatMap((hit) => byId.get(hit.id) ?? [])
}
