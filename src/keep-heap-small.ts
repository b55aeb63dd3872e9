import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Of the young generation, both halves. With a quarter of it an ingest computes a tenth longer. */
const YOUNG_BYTES = 8 * 1024 * 1024

/**
 * Has V8 take less memory for the rest of this process: an ingest makes much that lives for a moment, and what it holds
 * is some 40 MB however long it runs. Left to itself V8 takes as much again and again before it looks.
 */
export function keepHeapSmall(): void {
  growYoungGeneration()
  setFlagsFromString('--heap-growing-percent=30')
}

/** V8 takes no size for it once it runs: it grows by a factor when enough has survived, and with a factor of 1 never. */
function growYoungGeneration(): void {
  setFlagsFromString('--semi-space-growth-factor=4')
  const surviving: number[][] = []
  while (youngBytes() < YOUNG_BYTES && surviving.length < 100) surviving.push(Array<number>(8192).fill(0))
  setFlagsFromString('--semi-space-growth-factor=1')
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? YOUNG_BYTES
}
