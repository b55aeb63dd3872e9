import { UsageError } from '../model/errors.ts'
import type { Settings } from '../settings.ts'
import type { Store } from '../store/store.ts'
import type { CommonFlags, Context } from './context.ts'

/** A store that a command has beside another, with variables of its own: `NEO4J_PASSWORD_TO` goes before `NEO4J_PASSWORD`. */
export interface NamedStore {
  readonly settings: Settings
  readonly suffix: '' | 'FROM' | 'TO' | 'COMPARE'
  readonly mode: 'create' | 'existing'
}

/** Opens two stores, does the work, and closes both whatever happens. @throws UsageError where they are the same */
export async function withTwoStores<T>(
  context: Context,
  one: NamedStore,
  other: NamedStore,
  work: (one: Store, other: Store) => Promise<T>,
): Promise<T> {
  const first = await open(context, one)
  try {
    const second = await open(context, other)
    try {
      const [from, to] = [await first.database.info(), await second.database.info()]
      if (from.location === to.location)
        throw new UsageError('same-store', `both are ${from.location}`, { hint: 'Name two stores.' })
      return await work(first, second)
    } finally {
      await second.close()
    }
  } finally {
    await first.close()
  }
}

/** Settings for one of them. Its tables are where it has them, or where its own variable says. */
export function settingsFor(
  context: Context,
  flags: CommonFlags,
  suffix: NamedStore['suffix'],
  store = flags.store,
): Settings {
  const tables = variablesOf(context.environment, suffix)['WHYGRAPH_TABLES'] || undefined
  return context.settings({ ...flags, ...(store === undefined ? {} : { store }), tables })
}

function open(context: Context, { settings, suffix, mode }: NamedStore) {
  return context.openStore(settings, mode, variablesOf(context.environment, suffix))
}

/** The variables of this process, those with the suffix in place of those without. */
function variablesOf(environment: Context['environment'], suffix: NamedStore['suffix']): Context['environment'] {
  if (suffix === '') return environment
  const own = Object.entries(environment)
    .filter(([name, value]) => /^(?:NEO4J|WHYGRAPH)_/.test(name) && name.endsWith(`_${suffix}`) && value)
    .map(([name, value]) => [name.slice(0, -suffix.length - 1), value])
  return { ...environment, ...Object.fromEntries(own) }
}
