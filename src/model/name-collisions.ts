/** What of a schema is wrong, and where it stands there. */
export interface Fault {
  readonly path: readonly (string | number)[]
  /** As the end of a sentence that begins with what stands there. */
  readonly message: string
}

/** The names that a type of a schema goes by. */
interface Named {
  readonly name: string
  readonly aliases: readonly string[]
  readonly inverse?: string | readonly string[] | undefined
}

/** A name, and where it stands. */
interface Claim {
  readonly name: string
  /** Number of its type, from 0. */
  readonly index: number
  readonly path: Fault['path']
  /** As the end of a sentence that begins with the name: `an alias of LEADS`. */
  readonly as: string
}

/**
 * Names by which a type could not be told from another, or from itself turned round; `fold` says which are the same. The
 * names of types come first, so that it is the alias that is wrong, wherever it stands; one that a type has twice is harmless.
 */
export function collisions(key: string, types: readonly Named[], fold: (name: string) => string): Fault[] {
  const claims = types.map((type, index) => claimsOf(key, type, index))
  const inOrder = [...claims.flatMap(([own]) => own ?? []), ...claims.flatMap(([, ...others]) => others)]
  const known = new Map<string, Claim>()
  return inOrder.flatMap((claim) => {
    const { name, index, path, as } = claim
    const before = known.get(fold(name))
    if (before === undefined) {
      known.set(fold(name), claim)
      return []
    }
    const isHarmless = before.index === index && !as.startsWith('the inverse') && !before.as.startsWith('the inverse')
    return isHarmless ? [] : [{ path, message: `${path.at(-1) === 'name' ? '' : `${name} `}is ${before.as} too` }]
  })
}

function claimsOf(key: string, { name, aliases, inverse }: Named, index: number): Claim[] {
  const at = [key, index]
  return [
    { name, index, path: [...at, 'name'], as: `the name of type ${index + 1}` },
    ...aliases.map((alias, place) => ({
      name: alias,
      index,
      path: [...at, 'aliases', place],
      as: `an alias of ${name}`,
    })),
    ...[inverse ?? []].flat().map((turned, place) => {
      const path = [...at, 'inverse', ...(typeof inverse === 'string' ? [] : [place])]
      return { name: turned, index, path, as: `the inverse of ${name}` }
    }),
  ]
}
