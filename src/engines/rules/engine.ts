import { NO_USAGE } from '../engine.ts'
import type { Engine, EngineEvent, EngineRequest } from '../engine.ts'
import { readChunk } from './chunk.ts'
import { matchClauses } from './clauses.ts'
import { matchColumns } from './columns.ts'
import { compose } from './compose.ts'
import { loadLinguist } from './linguist.ts'
import { matchLinks } from './links.ts'
import type { Found } from './links.ts'
import { matchLists } from './lists.ts'
import { matchMeetings } from './meetings.ts'
import { matchPlaces } from './places.ts'
import { matchRoles, matchSpeaker, matchSpokenCodes } from './roles.ts'
import { matchRows } from './rows.ts'

/** Change it whenever the rules may answer differently: it is part of a reply's identity. */
const MODEL = 'rules-2'

/**
 * An engine that needs no model, no key and no network: named patterns of English minutes and documents. It misses
 * most of what a reader would see; what it finds should be right, and its trace says which rule matched what.
 */
export function createRulesEngine(): Engine {
  return { name: 'rules', model: MODEL, parameters: {}, offline: true, reason }
}

async function* reason(request: EngineRequest, signal: AbortSignal): AsyncGenerator<EngineEvent> {
  const linguist = await loadLinguist()
  signal.throwIfAborted()
  const chunk = readChunk(request.question, linguist)
  const found: Found = { matches: [], declined: [] }
  const keep = (more: Found): void => {
    found.matches.push(...more.matches)
    found.declined.push(...more.declined)
  }
  const isTable = request.question.asksFor === 'columns'
  if (isTable) keep(matchColumns(request.question))
  for (const read of isTable ? [] : chunk.units) {
    keep(matchLinks(chunk, read))
    keep(matchMeetings(chunk, read))
    keep(matchPlaces(chunk, read))
    keep(matchRoles(chunk, read))
    keep(matchSpeaker(chunk, read))
    keep(matchClauses(chunk, read))
    keep(matchSpokenCodes(chunk, read))
  }
  if (!isTable) {
    keep(matchLists(chunk))
    keep(matchRows(chunk))
  }
  const { trace, answer } = compose(chunk, found)
  if (trace !== '') yield { type: 'reasoning-delta', text: trace }
  yield { type: 'answer-delta', text: JSON.stringify(answer) }
  yield { type: 'finish', reason: 'stop', usage: NO_USAGE, model: MODEL, traceKind: trace === '' ? 'none' : 'rule' }
}
