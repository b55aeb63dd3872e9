/**
 * What an embedding model makes of a name, as bits: on which side of random planes through the origin its vector lies
 * (Charikar, "Similarity Estimation Techniques from Rounding Algorithms", STOC 2002). Two vectors differ in a bit with
 * the probability of their angle over π, so that few bits tell how alike they are, and equal runs of bits (bands) are
 * exact keys that alike vectors share: with a cosine of 0.9 some band of 16 bits agrees in 94 of 100, of 0.8 in 57, of 0
 * in 1 of 2,000 (32 bands).
 */
const BANDS = 32
const BITS_A_BAND = 16
const BITS = BANDS * BITS_A_BAND
const SIGNATURE_BYTES = BITS / 8

/** The bits of a vector, whatever its length. Null where it points nowhere. The same on every machine. */
export function signatureOf(vector: readonly number[]): Uint8Array | null {
  const signature = new Uint8Array(SIGNATURE_BYTES)
  if (!vector.every(Number.isFinite) || vector.every((value) => value === 0)) return null
  const planes = planesOf(vector.length)
  for (let bit = 0; bit < BITS; bit += 1) {
    let side = 0
    const from = bit * vector.length
    for (let at = 0; at < vector.length; at += 1) side += (vector[at] as number) * (planes[from + at] as number)
    if (side > 0) signature[bit >> 3] = (signature[bit >> 3] as number) | (1 << (bit & 7))
  }
  return signature
}

/** The keys by which a name is found that lies near: `<type>|vec<band>=<bits>`; none without a signature. */
export function bandKeys(type: string, signature: Uint8Array | null): string[] {
  if (signature === null) return []
  const bytes = BITS_A_BAND / 8
  return Array.from({ length: BANDS }, (_, band) => {
    const bits = Buffer.from(signature.subarray(band * bytes, (band + 1) * bytes)).toString('hex')
    return `${type}|vec${band}=${bits}`
  })
}

/** The cosine of two vectors, estimated from their bits: around 0.8 within 0.04 in two of three. */
export function likenessOf(one: Uint8Array, other: Uint8Array): number {
  let differing = 0
  for (let at = 0; at < SIGNATURE_BYTES; at += 1)
    for (let rest = (one[at] as number) ^ (other[at] as number); rest > 0; rest &= rest - 1) differing += 1
  return Math.cos((Math.PI * differing) / BITS)
}

/** Of the last length that was asked for: a run has one model. */
let planes: { readonly dimensions: number; readonly values: Int16Array } = { dimensions: 0, values: new Int16Array() }

/**
 * The planes, one behind the other. Their components are sums of four random bytes, about the mean: near enough to a
 * normal distribution, and whole numbers, so that no machine rounds them otherwise.
 */
function planesOf(dimensions: number): Int16Array {
  if (planes.dimensions === dimensions) return planes.values
  const random = mulberry32(SEED)
  const values = Int16Array.from({ length: BITS * dimensions }, () => {
    const word = random()
    return (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24) - 510
  })
  planes = { dimensions, values }
  return values
}

/** Another one makes all keys that are stored worthless. */
const SEED = 0x5eed

/** Tommy Ettinger's generator of 32 random bits, public domain. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}
