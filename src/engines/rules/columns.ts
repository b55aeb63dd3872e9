import type { Question, QuestionUnit } from '../../model/question.ts'
import type { Found } from './links.ts'
import type { Kind, Match } from './rule.ts'

/** One column as its profile describes it. */
interface ReadColumn {
  readonly name: string
  readonly role: Role
  readonly isText: boolean
  readonly looksLikeNames: boolean
  /** First, or without two equal values: what the rows are about. */
  readonly isSubject: boolean
}

type Role = 'person' | 'owner' | 'leader' | 'manager' | 'role' | 'body' | 'project' | 'thing' | 'task' | 'other'

/** What the words of a column's name say about its values; the first that fits holds. */
const ROLES: readonly (readonly [role: Role, words: RegExp])[] = [
  ['manager', /^(?:(?:line )?manager|reports to|boss|supervisor)(?: name)?$/],
  [
    'owner',
    /(?:^|\b(?:service|system|product|business|technical|process|data) )(?:owner|owned by|responsible|maintainer)(?: name)?$/,
  ],
  ['owner', /^(?:assignee|assigned to|responsible person|who)$/],
  ['leader', /(?:^|\b(?:team|project|tech|technical|group) )(?:lead|leader|head|chair|chairs)(?: name)?$/],
  [
    'person',
    /^(?:name|full name|person|employee|member|contact|attendee|speaker|(?:employee|person|member|contact) name)$/,
  ],
  ['role', /^(?:role|title|job title|position|job|function)$/],
  [
    'body',
    /^(?:team|organi[sz]ation|company|department|affiliation|employer|group|unit|office|(?:team|company|department) name)$/,
  ],
  ['project', /^(?:project|subproject|programme|program|project name)$/],
  [
    'thing',
    /^(?:system|component|product|service|application|app|repository|repo|server|database|(?:system|service|product) name)$/,
  ],
  ['task', /^(?:task|action|action item|todo|to do|next step)s?$/],
]

/** How a profile begins: see `src/tables/profile-chunk.ts`. */
const PROFILE = /^(.*?): (integer|number|date|timestamp|boolean|text), \d+ rows[^;]*/

/** Mappings between columns: owner and service, lead and project, name and team, task and assignee. */
export function matchColumns(question: Question): Found {
  const columns = question.units.filter((unit) => unit.kind === 'profile').flatMap(readColumn)
  const header = question.units.find((unit) => unit.kind === 'row')
  const found: Found = { matches: [], declined: [] }
  if (header === undefined || !columns.every((column) => header.text.includes(column.name))) return found
  const of = (role: Role): ReadColumn | undefined => columns.find((column) => column.role === role && column.isText)
  const join = (rule: string, type: string, subject: End, object: End, because: string): void => {
    if (subject[0] === undefined || object[0] === undefined) return
    found.matches.push(toMatch(header, rule, type, [subject[0], subject[1]], [object[0], object[1]], because))
  }
  const [person, owner, leader, body, project, thing, task] = [
    of('person'),
    of('owner'),
    of('leader'),
    of('body'),
    of('project'),
    of('thing'),
    of('task'),
  ]
  const ownerKind: Kind = owner?.looksLikeNames === false ? 'Organization' : 'Person'
  // In a table of figures the owner is that of the figure: each row must be about the thing.
  if (thing?.isSubject) join('column-owner', 'OWNS', [owner, ownerKind], [thing, 'System'], 'as each row is about one')
  if (project?.isSubject)
    join('column-owner', 'OWNS', [owner, ownerKind], [project, 'Project'], 'as each row is about one')
  join('column-lead', 'LEADS', [leader, 'Person'], [project, 'Project'], 'as a row names the lead beside the project')
  if (project === undefined)
    join('column-lead', 'LEADS', [leader, 'Person'], [body, 'Organization'], 'as a row names the lead beside the team')
  join(
    'column-team',
    'WORKS_FOR',
    [person, 'Person'],
    [body, 'Organization'],
    'as a row puts the person beside the team',
  )
  join('column-role', 'HAS_ROLE', [person, 'Person'], [of('role'), 'Role'], 'as a row gives the person the role')
  join('column-manager', 'REPORTS_TO', [person, 'Person'], [of('manager'), 'Person'], 'as a row names the manager')
  if (task !== undefined)
    join('column-task', 'ASSIGNED_TO', [task, 'Task'], [owner, 'Person'], 'as a row names who does it')
  return found
}

type End = readonly [column: ReadColumn | undefined, kind: Kind]

function readColumn(unit: QuestionUnit, position: number): ReadColumn[] {
  const [facts = '', name, type] = PROFILE.exec(unit.text) ?? []
  if (name === undefined) return []
  const words = name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/[_\-\s]+/g, ' ')
    .trim()
    .toLowerCase()
  const isSubject = position === 0 || facts.includes(', all different')
  const role = ROLES.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other'
  return [{ name, role, isText: type === 'text', looksLikeNames: facts.endsWith(', names'), isSubject }]
}

function toMatch(
  header: QuestionUnit,
  rule: string,
  type: string,
  [subject, subjectKind]: readonly [ReadColumn, Kind],
  [object, objectKind]: readonly [ReadColumn, Kind],
  because: string,
): Match {
  return {
    rule,
    s: header.s,
    type,
    subject: { name: subject.name, kind: subjectKind, aliases: [] },
    object: { name: object.name, kind: objectKind, aliases: [] },
    matched: `${subject.name} | ${object.name}`,
    evidence: [
      { s: header.s, quote: subject.name },
      { s: header.s, quote: object.name },
    ],
    support: 'stated',
    polarity: 'asserted',
    sign: '',
    when: null,
    confidence: 0.7,
    because,
  }
}
