import type { Command } from 'commander'
import type { Engine } from '../engines/engine.ts'
import { withoutCredentials } from '../model/address.ts'
import { WhygraphError } from '../model/errors.ts'
import { checkRouted } from '../routes/create-routed.ts'
import { settingsOfEngine } from '../routes/named-engine.ts'
import { enginesOf } from '../routes/routing.ts'
import type { Settings, SettingName } from '../settings.ts'
import { printable, printableJson } from '../terminal/printable.ts'
import { type CommonFlags, type Context, withStore } from './context.ts'
import { compareStores } from './doctor-compare.ts'
import { checkDeeply } from './doctor-deep.ts'

interface Check {
  readonly name: string
  readonly ok: boolean
  readonly message: string
  readonly hint?: string
}

interface DoctorFlags extends CommonFlags {
  readonly deep?: boolean
  readonly compare?: string
}

export function addDoctor(program: Command, context: Context): void {
  program
    .command('doctor')
    .summary('settings in force and where from; tries store and engine')
    .description(
      'Example: whygraph doctor --deep\n\nPrints the settings in force and where they come from, and tries store and engine. With --deep it reads the whole store instead, writes nothing, and says where it is not as it should be: altered or lost records, quotes that are not in their source, and what is not as a rebuild would derive it. It may be stopped with Ctrl-C: what was found until then is told.',
    )
    .option('--deep', 'check every record and everything that is derived from it')
    .option('--engine <name>', 'try this engine instead of the one in force')
    .option('--model <name>', 'the model to ask for')
    .option('--base-url <url>', 'address of the endpoint')
    .option('--replies <folder>', 'recorded replies for --engine replay')
    .option('--schema <file>', 'entity and link types to look for')
    .option(
      '--compare <store>',
      'instead: the store in force against this one, node by node; ends with 1 if they differ',
    )
    .action(async (_: unknown, command: Command) => {
      const flags: DoctorFlags = command.optsWithGlobals()
      if (flags.compare !== undefined) return compareStores(context, flags, flags.compare)
      const settings = context.settings(flags)
      if (flags.deep) return checkDeeply(settings, flags, context)
      const shown = (Object.keys(settings.origins) as SettingName[]).map((name) => {
        return { name, value: shownValue(settings.values, name), origin: settings.origins[name] }
      })
      const checks = [
        await check('store', () =>
          withStore(context, settings, async (store) => {
            const { kind, version, location } = await store.database.info()
            return `${kind} ${version} at ${location}`
          }),
        ),
        await check('tables', async () => `in ${context.tablesPath(settings)}`),
        await check('engine', async () => {
          checkRouted(settings)
          const engine = await context.createEngine(settings)
          return engine.check === undefined ? `${engine.name} ${engine.model}` : engine.check(context.signal)
        }),
        ...(await checkOthers(settings, context)),
        await check('schema', async () => {
          const { entityTypes, linkTypes, open } = settings.schema
          return `${entityTypes.length} entity types, ${linkTypes.length} link types, ${open ? 'open' : 'closed'}`
        }),
      ]
      context.exitCode = checks.every((one) => one.ok) ? 0 : 6
      if (flags.json) return context.print(printableJson({ version: 1, settings: shown, checks }, 2))
      const value = (one: unknown): string => (one === null ? '–' : typeof one === 'string' ? one : JSON.stringify(one))
      context.print(
        [
          `settings file  ${settings.file ?? 'none found'}`,
          ...shown.map((one) => `  ${one.name.padEnd(16)} ${printable(value(one.value))}  (${printable(one.origin)})`),
          ...checks.flatMap((one) => [
            `${one.ok ? 'ok  ' : 'FAIL'} ${one.name}: ${printable(one.message)}`,
            ...(one.hint === undefined ? [] : [`     ${printable(one.hint)}`]),
          ]),
        ].join('\n'),
      )
    })
}

/** The engines that are asked beside the one that is asked about chunks, where there are any. */
async function checkOthers(settings: Settings, context: Context): Promise<Check[]> {
  const { align, resolve, summarise, embed, effort, verify, routes } = settings.values
  const others: [name: string, isAsked: boolean, create: () => Promise<Engine | null | undefined>][] = [
    ['align', align !== 'offline', () => context.createAligner(settings)],
    ['resolve', resolve !== 'rules', () => context.createJudge(settings)],
    ['verify', effort === 'thorough' && verify !== 'engine', () => context.createVerifier(settings)],
    ['summarise', summarise !== 'rules', () => context.createSummariser(settings)],
    ['embed', embed !== undefined, async () => (await context.createEmbedding(settings))?.engine],
  ]
  for (const name of routes === undefined ? [] : enginesOf(routes))
    others.push([`engine ${name}`, true, () => context.createEngine(settingsOfEngine(settings, name))])
  const asked = others.filter(([, isAsked]) => isAsked)
  return Promise.all(
    asked.map(([name, , create]) =>
      check(name, async () => {
        const engine = await create()
        return (await engine?.check?.(context.signal)) ?? `${engine?.name} ${engine?.model}`
      }),
    ),
  )
}

/** What is printed ends up in issues and logs, so secrets are left out of it. */
function shownValue(values: Settings['values'], name: SettingName): unknown {
  const value = values[name] ?? null
  if (['store', 'baseUrl', 'embedBaseUrl'].includes(name) && typeof value === 'string') return withoutCredentials(value)
  // Some endpoints take their key in the body, and packages theirs in the options.
  if (name === 'engines')
    return Object.fromEntries(Object.entries(values.engines).map(([own, one]) => [own, shownEngine(one)]))
  return (name === 'body' || name === 'options') && value !== null ? Object.keys(value) : value
}

function shownEngine({ body, options, baseUrl, ...rest }: Settings['values']['engines'][string]): object {
  return {
    ...rest,
    ...(baseUrl === undefined ? {} : { baseUrl: withoutCredentials(baseUrl) }),
    ...(body === undefined ? {} : { body: Object.keys(body) }),
    ...(options === undefined ? {} : { options: Object.keys(options) }),
  }
}

async function check(name: string, work: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, message: await work() }
  } catch (error) {
    if (!(error instanceof WhygraphError)) throw error
    return { name, ok: false, message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) }
  }
}
