import type { Weights } from '../../src/extract/align/logistic.ts'

export interface Example {
  /** In the order of the names. */
  readonly row: Float64Array
  readonly positive: boolean
}

const ROUNDS = 25
const CONVERGED = 1e-4

/**
 * Logistic regression with a ridge penalty, by iteratively reweighted least squares. The problem is convex, so the
 * result does not depend on `start`; a near one only saves rounds. The bias is penalised like the rest: it is small.
 */
export function fitRegression(
  featureNames: readonly string[],
  examples: readonly Example[],
  ridge: number,
  start?: Weights,
): Weights {
  const names = ['bias', ...featureNames]
  const width = names.length
  const rows = new Float64Array(examples.length * width)
  for (const [index, { row }] of examples.entries()) {
    rows[index * width] = 1
    rows.set(row, index * width + 1)
  }
  const weights = Float64Array.from(names, (name) => start?.[name] ?? 0)
  const hessian = new Float64Array(width * width)
  const gradient = new Float64Array(width)
  const used = new Int32Array(width)
  for (let round = 0; round < ROUNDS; round += 1) {
    hessian.fill(0)
    gradient.fill(0)
    for (const [index, { positive }] of examples.entries()) {
      const base = index * width
      let sum = 0
      let count = 0
      for (let column = 0; column < width; column += 1) {
        const value = rows[base + column] ?? 0
        if (value === 0) continue
        sum += (weights[column] ?? 0) * value
        used[count] = column
        count += 1
      }
      const predicted = 1 / (1 + Math.exp(-sum))
      const error = (positive ? 1 : 0) - predicted
      const variance = Math.max(1e-6, predicted * (1 - predicted))
      for (let i = 0; i < count; i += 1) {
        const column = used[i] as number
        const value = rows[base + column] as number
        gradient[column] = (gradient[column] as number) + error * value
        const scaled = variance * value
        const line = column * width
        for (let j = 0; j <= i; j += 1) {
          const other = used[j] as number
          hessian[line + other] = (hessian[line + other] as number) + scaled * (rows[base + other] as number)
        }
      }
    }
    for (let column = 0; column < width; column += 1) {
      hessian[column * width + column] = (hessian[column * width + column] as number) + ridge
      gradient[column] = (gradient[column] as number) - ridge * (weights[column] as number)
    }
    const step = solve(hessian, gradient)
    let largest = 0
    for (const [column, value] of step.entries()) {
      weights[column] = (weights[column] as number) + value
      largest = Math.max(largest, Math.abs(value))
    }
    if (largest < CONVERGED) break
  }
  return Object.fromEntries(names.map((name, column) => [name, weights[column] ?? 0]))
}

/** Cholesky; only the lower triangle of the matrix is read. */
function solve(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length
  const lower = new Float64Array(size * size)
  for (let i = 0; i < size; i += 1)
    for (let j = 0; j <= i; j += 1) {
      let sum = matrix[i * size + j] as number
      for (let k = 0; k < j; k += 1) sum -= (lower[i * size + k] as number) * (lower[j * size + k] as number)
      lower[i * size + j] = i === j ? Math.sqrt(Math.max(sum, 1e-9)) : sum / (lower[j * size + j] as number)
    }
  const result = new Float64Array(size)
  for (let i = 0; i < size; i += 1) {
    let sum = vector[i] as number
    for (let k = 0; k < i; k += 1) sum -= (lower[i * size + k] as number) * (result[k] as number)
    result[i] = sum / (lower[i * size + i] as number)
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    let sum = result[i] as number
    for (let k = i + 1; k < size; k += 1) sum -= (lower[k * size + i] as number) * (result[k] as number)
    result[i] = sum / (lower[i * size + i] as number)
  }
  return result
}
