import { splitMark, type JudgedMark } from '../model/done-mark.ts'
import type { Route } from '../sources.ts'
import type { Task } from '../taking-in/take-in.ts'
import type { Decision } from './routing.ts'

export function routedOf({ route }: Task): NonNullable<Route['routed']> {
  if (route.routed === undefined) throw new TypeError('the route of the chunk has no rules')
  return route.routed
}

/** Whether an engine has read a chunk as it stands, whatever the rules were. */
export function hasRead(task: Task, name: string): boolean {
  const fingerprint = routedOf(task).fingerprints.get(name)
  return task.chunk.fingerprints.some((mark) => splitMark(mark).fingerprint === fingerprint)
}

/** By their fingerprints the routes by which a chunk was read as it stands, whoever is to read it now. */
export function readBy(task: Task): ReadonlyMap<string, Route> {
  const { routes, fingerprints } = routedOf(task)
  const read = new Map<string, Route>()
  for (const [name, fingerprint] of fingerprints) {
    const route = routes.get(name)
    if (route !== undefined && hasRead(task, name)) read.set(fingerprint, route)
  }
  return read
}

/** A chunk as one of the engines is asked about it. `judged`: what it is marked with, see `Routed`. */
export function toTask(task: Task, decision: Decision, name: string, judged: JudgedMark | null): Task {
  const { use, sentBy: _, ...why } = decision
  const { routing, routes, fingerprints } = routedOf(task)
  const others = [...fingerprints].flatMap(([other, fingerprint]) => (use.includes(other) ? [] : [fingerprint]))
  const replaces = routing.keep === 'last' ? others : []
  const route = routes.get(name)
  if (route === undefined) throw new TypeError(`there is no engine ${name}`)
  return { ...task, route, routed: { taken: { engine: name, ...why }, judged, replaces } }
}
