/**
 * Which names are one thing. Pure: no store, no model, no clock; the same answer in whatever order things come.
 *
 * A name is taken apart once (`readName`: tokens, acronyms, a person's parts, numbers, stems). `keysOf` gives the exact
 * keys it can be found by; two names that any rule may take for one thing share a key, so nothing is ever scanned.
 *
 * `resolveWithin` judges the names of one document against each other, with its texts at hand, and follows the joins to
 * clusters. `resolveAcross` judges one cluster against the graph, through the port `NameIndex`. Both go through
 * `judgePairs`: the first of the ordered `rules` that speaks for a pair, then the `guards` that speak against it, then the
 * rivals that the shorter name may mean as well. What comes out is a `Judgement`: `join` where a rule is safe in this
 * scope and nothing speaks against it, `propose` where a person or an engine should be asked, null otherwise; with rule,
 * forms, guards, rivals and a sentence, for the trace of a `SAME_AS` proposal.
 *
 * A lone part of a person's name (`Okafor`, `Amara`, `AO`) says something within its document only: `resolveAcross`
 * proposes such names and never joins them.
 *
 * Where an embedding model is configured, what it makes of a name is kept as a `signatureOf` 512 bits: runs of them are
 * keys like the others, and names that are alike by all of them are proposed, never joined.
 *
 * Beside it: `rankMisheard` (a misheard name against a glossary) and `linkRecords` (rows of tables, by what their columns
 * say). `npm run measure:resolution -- DIR` measures all of it.
 */
export { crowdedIn } from './crowd.ts'
export { resolveAcross } from './across.ts'
export { pairOf } from './context.ts'
export type { NameIndex } from '../../model/name-index.ts'
export type { Judgement, Thing } from './judgement.ts'
export { indexNames } from './memory-index.ts'
export { rankMisheard } from './misheard.ts'
export { compareRecords, linkRecords } from './records.ts'
export { signatureOf } from './signature.ts'
export { resolveWithin } from './within.ts'
