import type { Embedded } from './asking/embed-names.ts'
import type { OutsideType } from './extract/outside.ts'
import type { PairFate } from './extract/identity/read-pair.ts'
import type { SummedUp } from './labels/summarise.ts'
import type { Note } from './model/note.ts'
import type { RuleChange } from './model/rule-change.ts'
import type { StepName } from './model/reply.ts'
import type { PlanSummary } from './money/plan.ts'
import type { Spending } from './money/spending.ts'
import type { Waiting } from './store/waiting.ts'

/**
 * `moved`: the same content at another path. `returned`: it was gone before. `gone`: not in its source any more.
 * `forgotten`: of those that are counted as another, such as somebody took out of the store while this ran.
 */
export type DocumentFate =
  | 'new'
  | 'changed'
  | 'unchanged'
  | 'moved'
  | 'returned'
  | 'gone'
  | 'forgotten'
  | 'skipped'
  | 'failed'
export type ChunkFate = 'reasoned' | 'unchanged' | 'pending' | 'failed'

/** What an ingest did; the JSON that `ingest --json` ends with. */
export interface IngestSummary {
  readonly version: 1
  readonly documents: Record<DocumentFate, number>
  /** Files and folders that an ignore file names, or the patterns of the job. */
  readonly leftOut: { readonly ignored: number; readonly excluded: number }
  /** What would become of documents, path by path; in a dry run only. */
  readonly changes?: DocumentChanges
  /** Tables that were registered. */
  readonly tables: number
  readonly chunks: Record<ChunkFate, number>
  readonly replies: { asked: number; reused: number }
  /** Further steps of reading chunks that were asked for, by name, where the effort calls for any. */
  readonly steps?: Readonly<Partial<Record<StepName, number>>>
  /** Where there are any: chunks with steps left to take. What came of those before is in the graph, and the next ingest goes on. */
  readonly unfinished?: number
  /** Made by this run. */
  readonly proposals: number
  /** Links that this run added to the graph. */
  readonly links: number
  /** How many times replies of this run say what a document is about; each is a proposal by itself. */
  readonly labels: number
  /** Of documents that a model was to sum up, where one is configured: requests that were made, and what else became of them. */
  readonly summaries?: Readonly<Record<SummedUp['how'], number>>
  /** Links that left it with the texts that spoke for them. Where these are read again, they may be among the new. */
  readonly linksGone: number
  /** Links that are there again, as a text that spoke for them is. */
  readonly linksBack: number
  /**
   * Pairs of names that were taken for one thing, and such as wait for a person since: `SAME_AS` links. `crowded`: names
   * that were met with so many others that they may mean as well that none is proposed.
   */
  readonly names: { readonly joined: number; readonly asked: number; readonly crowded: number }
  /** Pairs of names that an engine was to say of whether they are one thing, where one is configured. */
  readonly pairs?: Readonly<Record<PairFate, number>>
  /** Names that an embedding model was to be asked about, where one is configured. */
  readonly embedded?: Readonly<Record<keyof Embedded, number>>
  readonly conflicts: ConflictCounts
  /** Rules of the schema that are others than before, of types of which there were links: these are compared anew. */
  readonly rules?: readonly RuleChange[]
  /** What replies said in types that the schema does not name, by type; the most frequent first. Absent: nothing. */
  readonly outside?: readonly OutsideType[]
  /** Who was to read the chunks, where rules choose. */
  readonly routes?: RouteSummary
  /** What this run paid for, by model: replies that broke off too. */
  readonly usage: Readonly<Record<string, Spending>>
  /** What this run was allowed to spend, and spent, where it had a budget. */
  readonly budget?: BudgetSummary
  readonly notes: readonly Note[]
  /** How many more notes there were than are listed. */
  readonly notesLeftOut: number
  /** What would be asked, and what it is likely to take; in a dry run only. */
  readonly plan?: PlanSummary
  /** Why asking was given up before the end. */
  readonly stopped?: { code: string; message: string; hint?: string }
  /** Where it was interrupted: what was read and waits for the next ingest, beside all that was not looked at any more. */
  readonly interrupted?: Waiting
}

export interface DocumentChanges {
  readonly new: readonly string[]
  readonly changed: readonly string[]
  readonly moved: readonly { readonly from: string; readonly to: string }[]
  readonly returned: readonly string[]
  readonly gone: readonly string[]
}

/**
 * Links between links that this run added; `retired`: those that end the earlier link by a rule of the schema since;
 * `withdrawn`: those that left the graph, as they do not come out any more.
 */
export interface ConflictCounts {
  readonly contradictions: number
  readonly supersessions: number
  readonly retired: number
  readonly withdrawn: number
}

export interface RouteSummary {
  /** Chunks by the engines that were to read them, and by the rule that named these. One that was sent on counts for both. */
  readonly decisions: readonly { readonly engines: readonly string[]; readonly rule: string; readonly chunks: number }[]
  /** By engine: chunks that a rule names it for, and that it does not read, as its share is used up. */
  readonly kept: Readonly<Record<string, number>>
  /** In a dry run only: decision by decision. */
  readonly each?: readonly RouteDecision[]
  /** In a dry run only: chunks that first replies which are yet to come may send on to an engine, at most. */
  readonly sentOn?: readonly {
    readonly engine: string
    readonly most: number
    /** Chunks that it may read in this run by its share, those included that rules over their text name it for; absent: it has none. */
    readonly room?: number
  }[]
}

/** Who was to read one chunk, and why. */
export interface RouteDecision {
  readonly path: string
  /** Its number in the document, from 1. */
  readonly chunk: number
  readonly engines: readonly string[]
  readonly rule: string
  /** What was measured of what the rule asks for. */
  readonly because: readonly string[]
  readonly keptFrom?: string
}

export interface BudgetSummary {
  readonly limit: number
  /** A currency, or `tokens`. */
  readonly unit: string
  readonly spent: number
}

/** One thing that happened, for progress. */
export interface Progress {
  readonly path: string
  readonly message: string
  readonly trouble: boolean
}
