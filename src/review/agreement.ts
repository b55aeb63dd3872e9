/** What several people said of one thing, by who said it; whoever said nothing is not in it. */
export type Ratings = ReadonlyMap<string, string>

/**
 * Of all pairs of people who said something of the same thing, how many said the same; each thing counts once, however many
 * spoke of it. Null where nobody shares any.
 */
export function rawAgreement(rated: readonly Ratings[]): number | null {
  const shares = rated.filter(({ size }) => size > 1).map((ratings) => agreeing(ratings) / pairs(ratings.size))
  return shares.length === 0 ? null : sum(shares) / shares.length
}

/**
 * Agreement of two people beyond what chance would bring, 1 for all, 0 for no more than that: J. Cohen, A coefficient of
 * agreement for nominal scales, Educational and Psychological Measurement 20 (1960) 37–46. Null where it is not defined:
 * nothing was rated, or both always said one and the same.
 */
export function cohensKappa(rated: readonly (readonly [string, string])[]): number | null {
  const count = rated.length
  if (count === 0) return null
  const observed = rated.filter(([one, other]) => one === other).length / count
  const [ones, others] = [tally(rated.map(([one]) => one)), tally(rated.map(([, other]) => other))]
  const byChance = sum([...ones].map(([value, times]) => times * (others.get(value) ?? 0))) / count ** 2
  return byChance === 1 ? null : (observed - byChance) / (1 - byChance)
}

/**
 * The same for any number of people of whom not all rated everything, for values without order: K. Krippendorff, Computing
 * Krippendorff's alpha-reliability (2011), section C, as α = 1 − Dₒ/Dₑ. What one person only rated counts for nothing.
 * Null where it is not defined: nobody shares any, or all said one and the same.
 */
export function krippendorffsAlpha(rated: readonly Ratings[]): number | null {
  const shared = rated.filter(({ size }) => size > 1)
  const values = tally(shared.flatMap((ratings) => [...ratings.values()]))
  const count = sum([...values.values()])
  const expected = count ** 2 - sum([...values.values()].map((times) => times ** 2))
  if (expected === 0) return null
  // Ordered pairs that differ, each thing's divided by how many others each of its raters has.
  const observed = sum(shared.map((ratings) => (2 * (pairs(ratings.size) - agreeing(ratings))) / (ratings.size - 1)))
  return 1 - ((count - 1) * observed) / expected
}

function agreeing(ratings: Ratings): number {
  return sum([...tally([...ratings.values()]).values()].map(pairs))
}

function pairs(count: number): number {
  return (count * (count - 1)) / 2
}

function tally(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
