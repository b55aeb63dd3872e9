/** One fitted number for each feature by its name, and the `bias` that stands for none of them. */
export type Weights = Readonly<Record<string, number>>

/** Where each feature stands in a row of numbers: `row[at.subject]` reads like a field and makes no garbage. */
export function positions<const Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  return Object.fromEntries(names.map((name, position) => [name, position])) as Record<Name, number>
}

const prepared = new WeakMap<Weights, (row: Float64Array) => number>()

/** A logistic regression: the probability that it gives for a row of features. */
export function logistic(names: readonly string[], weights: Weights): (row: Float64Array) => number {
  const known = prepared.get(weights)
  if (known !== undefined) return known
  const regression = prepare(names, weights)
  prepared.set(weights, regression)
  return regression
}

function prepare(names: readonly string[], weights: Weights): (row: Float64Array) => number {
  const bias = weights['bias'] ?? 0
  const ordered = Float64Array.from(names, (name) => weights[name] ?? 0)
  return (row) => {
    let sum = bias
    for (let index = 0; index < ordered.length; index += 1) sum += (ordered[index] ?? 0) * (row[index] ?? 0)
    return 1 / (1 + Math.exp(-sum))
  }
}
