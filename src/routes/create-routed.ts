import type { Engine } from '../engines/engine.ts'
import { engineFingerprint } from '../extract/ask.ts'
import { UsageError } from '../model/errors.ts'
import type { Schema } from '../model/schema.ts'
import type { Settings } from '../settings.ts'
import type { Route } from '../sources.ts'
import { settingsOfEngine } from './named-engine.ts'
import { enginesOf } from './routing.ts'

/**
 * The route of a source for which rules choose the engine; null where they do not: there are none, or a variable, a flag or
 * the source itself names an engine or a model, and that is asked.
 * @throws UsageError as `checkRouted`
 */
export async function createRouted(
  settings: Settings,
  createEngine: (settings: Settings) => Promise<Engine>,
  toRoute: (engine: Engine, settings: Settings) => Promise<Route>,
): Promise<Route | null> {
  checkRouted(settings)
  const { routes: routing } = settings.values
  if (routing === undefined || isNamed(settings)) return null
  const routes = new Map<string, Route>()
  for (const name of enginesOf(routing)) {
    const own = settingsOfEngine(settings, name)
    routes.set(name, await toRoute(await createEngine(own), own))
  }
  const usual = routes.get(routing.default[0] ?? '')
  return usual === undefined ? null : { ...usual, routed: { routing, routes, fingerprints: fingerprintsOf(routes) } }
}

function isNamed({ origins, file }: Settings): boolean {
  return [origins.engine, origins.model].some((origin) => origin !== 'default' && origin !== file)
}

/** Of use where a model is to be asked: what asks none needs no routes. @throws UsageError: nothing says which of several engines reads what */
export function checkRouted(settings: Settings): void {
  const { values, origins } = settings
  const [usual, ...others] = Object.keys(values.engines)
  if (usual === undefined || values.routes !== undefined || origins.engine !== 'default' || isNamed(settings)) return
  throw new UsageError(
    'no-routes',
    `engines (${origins.engines}) has ${[usual, ...others].join(', ')}, and nothing says which of them reads what`,
    {
      hint: `Add routes: routes: { default: ${usual} } has ${usual} read all, and docs/engines.md, 'Several engines', shows rules. Or name an engine: --engine, --model.`,
    },
  )
}

/** The routes by which chunks of a source may be read. */
export function waysOf(route: Route): readonly Route[] {
  return route.routed === undefined ? [route] : [...route.routed.routes.values()]
}

/** The same, whoever reads a chunk, with another schema. */
export function withSchema(route: Route, schema: Schema): Route {
  if (route.routed === undefined) return { ...route, schema }
  const routes = new Map([...route.routed.routes].map(([name, way]) => [name, { ...way, schema }]))
  return { ...route, schema, routed: { ...route.routed, routes, fingerprints: fingerprintsOf(routes) } }
}

function fingerprintsOf(routes: ReadonlyMap<string, Route>): ReadonlyMap<string, string> {
  return new Map(
    [...routes].map(([name, { engine, schema, examples = null }]) => [
      name,
      engineFingerprint(engine, schema, examples),
    ]),
  )
}
