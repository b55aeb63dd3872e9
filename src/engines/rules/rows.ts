import { looksLikePerson } from './cast.ts'
import type { ReadChunk } from './chunk.ts'
import type { Found } from './links.ts'
import type { Kind, Match, Party } from './rule.ts'

type Column = 'person' | 'role' | 'body' | 'thing' | 'owner' | 'leader' | 'task' | 'other'

/** What the words of a header say about the column under them. */
const COLUMNS: readonly { readonly column: Column; readonly header: RegExp }[] = [
  { column: 'owner', header: /^(?:owner|owned by|maintainer|responsible|assignee|assigned to|who)$/iu },
  { column: 'leader', header: /^(?:lead|leader|head|chair|manager|chairs)$/iu },
  { column: 'person', header: /^(?:name|person|full name|member|contact|attendee|employee|speaker)$/iu },
  { column: 'role', header: /^(?:role|title|position|job|function)$/iu },
  { column: 'body', header: /^(?:team|organi[sz]ation|company|department|affiliation|employer|group|unit|office)$/iu },
  {
    column: 'thing',
    header: /^(?:system|project|component|product|service|application|repository|subproject|metric|policy)$/iu,
  },
  { column: 'task', header: /^(?:task|action|action item|todo|to do|next step)s?$/iu },
]
const CELL = / \| |\t/
const LEADING =
  /^(?:(?:project|team|group|technical|tech) )?(?:head|lead|leader|chair|manager|director)(?: of (?:the )?(?:team|project|group|department))?$/iu

/** Table rows under a header row: name and team, role and team, system and owner, task and assignee. */
export function matchRows(chunk: ReadChunk): Found {
  const found: Found = { matches: [], declined: [] }
  let header: { readonly columns: readonly Column[]; readonly cells: readonly string[] } | null = null
  for (const read of chunk.units) {
    if (read.unit.kind !== 'row') {
      header = null
      continue
    }
    if (read.unit.afterGap) header = null
    const cells = read.unit.text.split(CELL).map((cell) => cell.trim())
    const columns = cells.map((cell) => COLUMNS.find(({ header: words }) => words.test(cell))?.column ?? 'other')
    if (columns.filter((column) => column !== 'other').length >= 2) {
      header = { columns, cells }
      continue
    }
    if (header === null || cells.length > header.columns.length || read.instruction !== null) continue
    found.matches.push(...matchRow(chunk, read.unit.s, cells, header.columns, header.cells))
  }
  return found
}

function matchRow(
  chunk: ReadChunk,
  s: number,
  cells: readonly string[],
  columns: readonly Column[],
  header: readonly string[],
): Match[] {
  const cell = (column: Column): string => cells[columns.indexOf(column)] ?? ''
  const matches: Match[] = []
  const person = readPerson(chunk, cell('person'))
  const body = readBody(chunk, cell('body'))
  const role = cell('role')
  const add = (
    rule: string,
    type: string,
    subject: Party,
    object: Party,
    parts: readonly string[],
    because: string,
  ): void => {
    const evidence = parts.filter((part) => part !== '').map((quote) => ({ s, quote }))
    const matched = header.filter((_, index) => parts.includes(cells[index] ?? '')).join(' | ')
    matches.push({
      rule,
      s,
      type,
      subject,
      object,
      matched,
      evidence,
      support: 'stated',
      polarity: 'asserted',
      sign: '',
      when: null,
      confidence: 0.8,
      because,
    })
  }
  if (person !== null && body !== null) {
    const leads = LEADING.test(role)
    if (leads && !/^project/i.test(role)) {
      add(
        'row-role-team',
        'LEADS',
        person,
        body,
        [role, cell('person'), cell('body')],
        `as one row of the table gives the person the role "${role}" and the team`,
      )
    } else if (leads && body.kind === 'Project') {
      add(
        'row-role-team',
        'LEADS',
        person,
        body,
        [role, cell('person'), cell('body')],
        `as one row of the table gives the person the role "${role}" and the project`,
      )
    }
    if (!leads || body.kind === 'Organization') {
      add(
        'row-name-team',
        'WORKS_FOR',
        person,
        body,
        [cell('person'), cell('body')],
        'as one row of the table puts the person and the team together',
      )
    }
  }
  if (person !== null && role !== '' && role.length < 50 && !LEADING.test(role)) {
    add(
      'row-name-role',
      'HAS_ROLE',
      person,
      { name: role, kind: 'Role', aliases: [] },
      [cell('person'), role],
      'as one row of the table puts the person and the role together',
    )
  }
  const thing = columns[0] === 'thing' ? cell('thing') : ''
  const kind: Kind = /^(?:project|subproject)$/i.test(header[0] ?? '') ? 'Project' : 'System'
  const owner = readPerson(chunk, cell('owner')) ?? readBody(chunk, cell('owner'))
  // Only where the thing comes first: in a table of figures the owner is that of the figure.
  if (thing !== '' && thing.length < 50 && owner !== null) {
    add(
      'row-owner',
      'OWNS',
      owner,
      { name: thing, kind, aliases: [] },
      [thing, cell('owner')],
      `as the row about it names the owner under "${header[columns.indexOf('owner')] ?? ''}"`,
    )
  }
  const leader = readPerson(chunk, cell('leader'))
  if (leader !== null && thing !== '' && thing.length < 50) {
    add(
      'row-lead',
      'LEADS',
      leader,
      { name: thing, kind: 'Project', aliases: [] },
      [thing, cell('leader')],
      'as the row about it names the lead',
    )
  }
  const task = cell('task')
  const assignee = readPerson(chunk, cell('owner'))
  if (assignee !== null && task.split(' ').length >= 2 && task.split(' ').length <= 20) {
    add(
      'row-task',
      'ASSIGNED_TO',
      { name: task, kind: 'Task', aliases: [] },
      assignee,
      [task, cell('owner')],
      'as the row of the task names who does it',
    )
  }
  return matches
}

function readPerson(chunk: ReadChunk, text: string): Party | null {
  const actor = chunk.cast.resolve(text)
  if (actor !== null) return { name: actor.name, kind: 'Person', aliases: [...actor.aliases] }
  return looksLikePerson(text) ? { name: text, kind: 'Person', aliases: [] } : null
}

function readBody(chunk: ReadChunk, text: string): Party | null {
  if (text.length < 2 || text.length > 50 || !/^\p{L}/u.test(text) || /[.:;?!]$/.test(text)) return null
  const project = chunk.clues.topics.get('project')
  if (project !== undefined && project.name.endsWith(` ${text}`)) return { ...project, aliases: [text] }
  return { name: text, kind: 'Organization', aliases: [] }
}
