import { z } from 'zod'
import type { Engine } from '../../src/engines/engine.ts'
import { engineFingerprint } from '../../src/extract/ask.ts'
import { DEFAULT_SCHEMA } from '../../src/model/schema.ts'
import { routeSettings } from '../../src/routes/route-settings.ts'
import type { Route } from '../../src/sources.ts'

/** A route for which rules, as the settings say them, choose among engines; the usual one is `small`. */
export function routeBy(engines: Readonly<Record<string, Engine>>, said: object, more: Partial<Route> = {}): Route {
  const { routes: routing } = z.object(routeSettings).parse({ routes: said })
  const routes = new Map(
    Object.entries(engines).map(([name, engine]) => [name, { engine, schema: DEFAULT_SCHEMA, ...more }]),
  )
  const fingerprints = new Map(
    [...routes].map(([name, { engine, schema }]) => [name, engineFingerprint(engine, schema, null)]),
  )
  const usual = routes.get('small')
  if (routing === undefined || usual === undefined) throw new Error('no routes')
  return { ...usual, routed: { routing, routes, fingerprints } }
}
