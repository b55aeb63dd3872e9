/**
 * `entity`: blocks of up to ten about one entity, those first of which there is most to learn in the time that they take;
 * `uncertain`: the least sure first; `impact`: those first at whose ends most others wait; `type`: type by type;
 * `disagree`: only those that one source says and another denies or hedges; `contradict`: only those that cannot hold
 * beside each other, side by side; `random`: by their ids, which are hashes. `doc` and `oldest` go document by document,
 * by path or in the order in which they came; see `by-document.ts`.
 */
export const ORDERS = [
  'entity',
  'uncertain',
  'impact',
  'doc',
  'type',
  'disagree',
  'contradict',
  'oldest',
  'random',
] as const
export type Order = (typeof ORDERS)[number]
export type RankedOrder = Exclude<Order, 'doc' | 'oldest'>
