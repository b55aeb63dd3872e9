import { parse } from 'yaml'
import { inversesOf, type Schema } from '../model/schema.ts'
import { counted } from '../model/counted.ts'
import { printable } from '../terminal/printable.ts'
import { fit } from '../terminal/table.ts'
import type { Gathered } from './gather.ts'
import type { EntityReason, JoinedName, LinkReason, SeldomName, Suggestion } from './suggest.ts'

/** Columns of a comment. */
const WIDTH = 120

/** A suggestion as a schema file: YAML that `schema:` reads, with the reasons in comments of one line each. */
export function suggestionYaml({ schema, entityTypes, linkTypes, seldom }: Suggestion, gathered: Gathered): string {
  const { documents, chunks, models, closed } = gathered
  const replies = [...models].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([model, count]) => `${count} of ${model}`)
  const lines = [
    ...comment(
      `Proposed from ${counted(documents, 'document')}, ${counted(chunks, 'chunk')}, replies: ${replies.join(', ')}.`,
      '',
    ),
    ...comment(
      'Strike what you do not want, and write hints: a model is told them, and these names, and nothing of comments.',
      '',
    ),
    ...comment('Links between other things than from and to say are held for a person: these are what was seen.', ''),
    ...(closed > 0
      ? comment(
          `${closed} of the replies were asked for with a schema that allows no other link types: they could name no others.`,
          '',
        )
      : []),
    'open: true',
    '',
    entityTypes.length === 0 ? 'entityTypes: []' : 'entityTypes:',
    ...schema.entityTypes.flatMap((type, index) => entityLines(type, entityTypes[index] as EntityReason)),
    ...seldomLines(seldom.entityTypes),
    '',
    linkTypes.length === 0 ? 'linkTypes: []' : 'linkTypes:',
    ...schema.linkTypes.flatMap((type, index) => linkLines(type, linkTypes[index] as LinkReason)),
    ...seldomLines(seldom.linkTypes),
  ]
  return `${lines.join('\n')}\n`
}

function entityLines({ name, hint, aliases }: Schema['entityTypes'][number], reason: EntityReason): string[] {
  return [
    ...comment(`${counted(reason.count, 'name')} in ${counted(reason.documents, 'document')}`),
    ...reason.examples.flatMap(({ name, place }) => example(name, place)),
    ...joinedComment(reason),
    `  - name: ${quoted(name)}`,
    ...(hint === '' ? [] : [`    hint: ${JSON.stringify(hint)}`]),
    ...(aliases.length === 0 ? [] : [`    aliases: ${list(aliases)}`]),
  ]
}

function linkLines(type: Schema['linkTypes'][number], reason: LinkReason): string[] {
  const { name, hint, from = [], to = [], aliases, symmetric } = type
  const inverses = inversesOf(type)
  const ends = reason.ends.map(({ from, to, count }) => `${from} > ${to} ${count}`)
  return [
    ...comment(`${counted(reason.count, 'link')} in ${counted(reason.documents, 'document')}: ${ends.join(', ')}`),
    ...reason.examples.flatMap(({ quote, place }) => example(`»${quote}«`, place)),
    ...joinedComment(reason),
    ...(symmetric
      ? comment(
          `symmetric: ${reason.bothWays === 1 ? '1 pair is' : `${reason.bothWays} pairs are`} told from both ends`,
        )
      : []),
    ...(!symmetric && name.endsWith('_WITH') ? comment('it may have no direction: then symmetric: true') : []),
    ...singleComments(reason, symmetric),
    `  - name: ${quoted(name)}`,
    ...(hint === '' ? [] : [`    hint: ${JSON.stringify(hint)}`]),
    `    from: ${list(from)}`,
    `    to: ${list(to)}`,
    ...(aliases.length === 0 ? [] : [`    aliases: ${list(aliases)}`]),
    ...(inverses.length === 0
      ? []
      : [`    inverse: ${inverses.length === 1 ? inverses.map(quoted).join('') : list(inverses)}`]),
    ...(symmetric ? ['    symmetric: true'] : []),
  ]
}

function list(names: readonly string[]): string {
  return `[${names.map(quoted).join(', ')}]`
}

/** A name that YAML would take for something else, as `Null` or `TRUE`, is said to be one. */
function quoted(name: string): string {
  return parse(name) === name ? name : JSON.stringify(name)
}

/** That it was so in a sample does not make it a rule: somebody has to say so. */
function singleComments({ oneObject, oneSubject }: LinkReason, symmetric: boolean): string[] {
  if (symmetric) return []
  return [
    ...(oneObject === null
      ? []
      : comment(`here each of ${oneObject} subjects has one object: if that is a rule, singleValued: to`)),
    ...(oneSubject === null
      ? []
      : comment(`here each of ${oneSubject} objects has one subject: if that is a rule, singleValued: from`)),
  ]
}

function joinedComment({ joined, apart }: Pick<EntityReason, 'joined' | 'apart'>): string[] {
  const why = ({ name, count, by, turned }: JoinedName): string =>
    `${name} ${count} (${NEAR[by]}${turned ? ', from the other end' : ''})`
  return [
    ...(joined.length === 0 ? [] : comment(`joined to it: ${joined.map(why).join(', ')}`)),
    ...(apart.length === 0 ? [] : comment(`may mean the same, and was left apart: ${apart.join(', ')}`)),
  ]
}

const NEAR = { form: 'another form', synonym: 'a synonym', kin: 'a word for the like' } as const

function seldomLines(names: readonly SeldomName[]): string[] {
  if (names.length === 0) return []
  const all = names.map(({ name, count }) => `${name} ${count}`)
  return comment(`seen too seldom to be proposed: ${all.join(', ')}`, '  ', Infinity)
}

/** The words, as far as they fit, and where they stand, in full. */
function example(words: string, place: string): string[] {
  return comment(`  ${place}: ${fit(printable(words), WIDTH - 20)}`, '  ', Infinity)
}

/** What documents and models say must not end the line, nor act on whoever looks at it. */
function comment(text: string, indent = '  ', width = WIDTH): string[] {
  return [fit(`${indent}# ${printable(text)}`, width)]
}
