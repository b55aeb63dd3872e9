/** Why links are rejected most often, in the order of the keys `1` to `7`. Any other words will do as a reason. */
export const REASONS = [
  'wrong subject',
  'wrong type',
  'wrong object',
  'wrong direction',
  'not in the quote',
  'duplicate',
  'not asserted',
] as const
