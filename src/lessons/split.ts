import { contentId } from '../model/ids.ts'

export const SPLITS = ['train', 'valid', 'test'] as const
export type Split = (typeof SPLITS)[number]

/** Of a hundred documents, on average. */
const TRAIN = 80
const VALID = 10

/** A document is wholly in one of them, always the same, whatever others there are: it follows from its id. */
export function splitOf(documentId: string): Split {
  // Two of 32 letters each: 1,024 places.
  const [first = 'a', second = 'a'] = contentId('split', documentId)
  const place = ((LETTERS.indexOf(first) * 32 + LETTERS.indexOf(second)) / 1024) * 100
  if (place < TRAIN) return 'train'
  return place < TRAIN + VALID ? 'valid' : 'test'
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz234567'
