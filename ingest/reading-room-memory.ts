import { setFlagsFromString } from 'node:v8'

/**
 * With these Node reads plain text in some 60 MB and not in 80, for a few milliseconds more of computing a file: most
 * are read before their reader's code would be worth compiling well.
 */
export const SMALL = ['--no-opt', '--no-maglev', '--optimize-for-size', '--semi-space-growth-factor=1']
const LARGE = ['--opt', '--maglev', '--no-optimize-for-size', '--semi-space-growth-factor=2']

const LONG_BYTES = 256 * 1024

/** Takes those flags back, for as long as the process lives, where a file will keep its reader busy. */
export function growFor(bytes: Uint8Array): void {
  // What is not text has zeros in it.
  if (bytes.length > LONG_BYTES || bytes.includes(0)) for (const flag of LARGE) setFlagsFromString(flag)
}
