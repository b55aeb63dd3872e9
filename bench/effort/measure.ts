import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Status } from '../../src/commands/status.ts'
import type { Settings } from '../../src/settings.ts'
import { runHere } from '../../test/run-here.ts'
import { parseJson } from '../../test/whygraph.ts'
import { readFlags } from '../flags.ts'
import { LARGE, SMALL, startModels } from './models.ts'
import { readGold, type GraphLink } from './score.ts'

/**
 * `npm run bench:effort [-- --sample DIR]`: the sample repository read by the small model alone, by the large one alone,
 * and by both as rules say; and with each effort that there is. Prints links right and missed beside the gold, forbidden
 * ones, calls, tokens and money.
 */
const values = readFlags(
  'bench:effort',
  'Reads a sample with a small model, a large one and both, and with each effort; counts what was right.',
  { sample: '../shared/sample' },
)
const root = join(import.meta.dirname, '../..')
const sample = join(root, values.sample)
if (!existsSync(join(sample, 'gold.json'))) {
  process.stderr.write(`${values.sample} holds no gold.json: nothing is measured.\n`)
  process.exit(2)
}

/** Made up: a large model at thirty times the price of a small one, the currency of nobody. */
const PRICES = { [SMALL]: { input: 0.05, output: 0.1 }, [LARGE]: { input: 1, output: 4 } }
const AFTER = [
  { when: { failure: true }, use: 'large' },
  { when: { leastConfidence: '< 0.5' }, use: 'large' },
  { when: { missing: '> 0' }, use: 'large' },
]

const { score, judge } = readGold(sample)
const models = await startModels(sample, judge)
const chat = { engine: 'chat', stream: false, baseUrl: models.url }
const engines = { small: { ...chat, model: SMALL }, large: { ...chat, model: LARGE } }
const alone = (model: string, more: object = {}): object => ({ ...chat, model, ...more })
const routed = (routes: object): object => ({ engines, routes })

const WAYS: readonly (readonly [title: string, settings: object])[] = [
  ['small alone', alone(SMALL)],
  ['large alone', alone(LARGE)],
  [
    'routed: chats and calls to large',
    routed({ rules: [{ when: { speakers: '>= 2', hedges: '>= 3' }, use: 'large' }], default: 'small' }),
  ],
  ['routed: small first, doubts to large', routed({ default: 'small', after: AFTER })],
  ['the same, large for 30% at most', routed({ default: 'small', after: AFTER, maxShare: { large: 0.3 } })],
  ...(await effortsThere()).flatMap((effort): [string, object][] => [
    [`small, ${effort}`, alone(SMALL, { effort })],
    [`large, ${effort}`, alone(LARGE, { effort })],
  ]),
]

/** Those that this whygraph knows. */
async function effortsThere(): Promise<string[]> {
  const { settings } = parseJson<{ settings: { name: keyof Settings['values'] | 'effort' }[] }>(
    await runHere(['doctor', '--json'], { cwd: tmpdir() }),
  )
  return settings.some(({ name }) => name === 'effort') ? ['quick', 'standard', 'thorough'] : []
}

interface Row {
  readonly title: string
  readonly cells: readonly (string | number)[]
}

async function measure(title: string, settings: object): Promise<Row> {
  models.forget()
  const folder = mkdtempSync(join(tmpdir(), 'whygraph-effort-'))
  try {
    cpSync(join(sample, 'repository'), join(folder, 'repository'), { recursive: true })
    rmSync(join(folder, 'repository/data'), { recursive: true, force: true })
    const common = { schema: join(sample, 'schema.yaml'), prices: PRICES, concurrency: 1 }
    writeFileSync(join(folder, 'whygraph.yaml'), JSON.stringify({ ...common, ...settings }))
    const run = (...args: string[]) => runHere(args, { cwd: folder })
    const read = await run('ingest', 'repository')
    if (read.code !== 0 && read.code !== 1) throw new Error(`${title}: ${read.stderr}`)
    const { usage } = parseJson<Status>(await run('status', '--json'))
    const links = parseJson<{ rows: [string, string, string[], string, string[], boolean][] }>(
      await run(
        'query',
        "MATCH (a:__Entity__)-[r]->(b:__Entity__) WHERE r.status = 'proposed' RETURN type(r), a.name, a.aliases, b.name, b.aliases, size(r.obstacles) = 0",
        '--json',
      ),
    ).rows.map(([type, subject, more, object, others, inBulk]): GraphLink => {
      return { type, subject: [subject, ...(more ?? [])], object: [object, ...(others ?? [])], inBulk }
    })
    const found = score(links.filter(({ type }) => type !== 'SAME_AS'))
    const { right, missed, forbidden, other, bulkRight, bulkForbidden } = found
    const graph = [right, missed, forbidden, other, `${bulkRight}/${bulkForbidden}`]
    const calls = (model: string): number => usage.find((one) => one.model === model)?.replies ?? 0
    const sum = (of: (one: Status['usage'][number]) => number): number => usage.reduce((all, one) => all + of(one), 0)
    const money = sum(({ cost }) => cost['usd'] ?? 0)
    const counted = sum(({ input, output }) => input + output)
    return { title, cells: [...graph, calls(SMALL), calls(LARGE), counted, money.toFixed(4)] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const HEADS = ['right', 'missed', 'forbidden', 'other', 'in bulk', 'small calls', 'large calls', 'tokens', 'money']
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const line = (title: string, cells: readonly (string | number)[]): string =>
  title.padEnd(38) + cells.map((cell, at) => String(cell).padStart((HEADS[at] ?? '').length + 2)).join('')

say(line('', HEADS))
for (const [title, settings] of WAYS) {
  const row = await measure(title, settings)
  say(line(row.title, row.cells))
}
await models.close()
say(`
Right and missed: links of the gold that were so at some time, found in the graph or not. Other: neither in the gold nor
forbidden; they may be true. In bulk: right ones and forbidden ones that may be accepted together with others. Tokens are
estimates (four characters each); prices are made up.

What this cannot show: which model or effort is worth its price. There are nine files, one chunk each, all written for
the sample. The small model's replies were recorded for ${models.recorded} of them; for ${models.made} they were made of the large one's: every third
link is removed (another third in another reading; asked for names without a link, those that were removed are given),
every fifth has an altered quote, what is inferred is less sure, the first is said twice. So its faults are those that were
put in, rules that look for such faults find them, and so do further steps. What was recorded is the same each time it is
asked for; checks are answered by the gold itself, and nothing is said without its quotes. The rules were written with the
files in view. It shows that routes and steps do what they say, and what calls and tokens they take.`)
