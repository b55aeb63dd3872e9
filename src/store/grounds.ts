import type { Decision } from '../model/decision.ts'
import { groundsOf } from '../model/grounds.ts'
import { DISPLAYED_AS, endKind, SAME_AS } from '../model/link.ts'
import type { GraphReader } from './database.ts'
import { readProposal, type StoredLink } from './records.ts'

/** Of rejections, by their links, what these rest on, by which it is known whether one is said again on other grounds. */
export async function readGrounds(
  reader: GraphReader,
  decisions: readonly Pick<Decision, 'linkId' | 'alsoAbout' | 'verdict'>[],
  links: ReadonlyMap<string, StoredLink>,
): Promise<ReadonlyMap<string, Pick<Decision, 'grounds'>>> {
  const rejected = decisions.filter(({ verdict, linkId }) => {
    const link = links.get(linkId)
    const isPlain = link !== undefined && endKind(link) === 'Entity'
    return verdict === 'reject' && isPlain && link.type !== SAME_AS && link.type !== DISPLAYED_AS
  })
  if (rejected.length === 0) return new Map()
  const about = ({ linkId, alsoAbout = [] }: (typeof rejected)[number]): string[] => [linkId, ...alsoAbout]
  const found = (await reader.find('Proposal', 'linkId', [...new Set(rejected.flatMap(about))])).map(readProposal)
  const byLink = Map.groupBy(found, ({ linkId }) => linkId)
  return new Map(
    rejected.map((one) => {
      const said = about(one).flatMap((id) => byLink.get(id) ?? [])
      return [one.linkId, { grounds: groundsOf(said.map(({ proposal }) => proposal)) }]
    }),
  )
}
