import { parseArgs } from 'node:util'

/** Values by the names of flags; undefined where nothing stands for one that is not given. */
type Defaults = Readonly<Record<string, string | undefined>>
type Flags<T extends Defaults> = { readonly [name in keyof T]: T[name] extends string ? string : string | undefined }

/**
 * The flags of a script that `npm run` knows by this name, each with a value. `--help` prints what it does and which
 * there are, and so, with exit code 2, does whatever is none of them.
 */
export function readFlags<const T extends Defaults>(script: string, does: string, defaults: T): Flags<T> {
  const shown = Object.entries(defaults).map(([name, value]) => `[--${name} ${value ?? '…'}]`)
  const usage = `usage: npm run ${script} -- ${shown.join(' ')}\n\n${does}\n`
  const options = Object.fromEntries(
    Object.entries(defaults).map(([name, value]) => [
      name,
      { type: 'string' as const, ...(value === undefined ? {} : { default: value }) },
    ]),
  )
  try {
    const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } })
    if (values['help'] !== true) return values as Flags<T>
  } catch (error) {
    process.stderr.write(`error: ${(error as Error).message}\n${usage}`)
    process.exit(2)
  }
  process.stdout.write(usage)
  process.exit(0)
}
