/** Why a link must never be accepted together with others, only by itself; in words, for people. */
export const OBSTACLES = {
  'missing-quote': 'not all of its quotes are in the source',
  'addresses-model': 'its source speaks to the model or gives an order, and it does not stand by itself',
  'not-verified': 'shown its quotes only, an engine does not say that they support it',
  'not-dependent': 'with its quotes blanked, an engine takes it to be said still: it does not hang on its evidence',
  held: 'it is held back',
  'ruled-out': 'a person rejected such links as a rule',
  denied: 'the source denies it',
  hedged: 'the source hedges it',
  disputed: 'another source denies it',
  identity: 'whether two names are one thing is decided pair by pair',
  conflict: 'it cannot hold beside another link',
  rejected: 'a person rejected it',
  unsupported: 'no source says it any more',
  unjudged: 'an older whygraph read it; `whygraph rebuild --from replies` judges it',
} as const

export type Obstacle = keyof typeof OBSTACLES

/** `not all of its quotes are in the source; another source denies it` */
export function describeObstacles(obstacles: readonly Obstacle[]): string {
  return obstacles.map((obstacle) => OBSTACLES[obstacle]).join('; ')
}
