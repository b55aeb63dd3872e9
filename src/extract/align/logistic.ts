/** One fitted number for each feature by its name, and the `bias` that stands for none of them. */
export type Weights = Readonly<Record<string, number>>

/** The probability that a logistic regression gives for these features. */
export function probability(weights: Weights, features: Readonly<Record<string, number>>): number {
  let sum = weights['bias'] ?? 0
  for (const name in features) sum += (weights[name] ?? 0) * (features[name] ?? 0)
  return 1 / (1 + Math.exp(-sum))
}
