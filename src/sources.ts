import { applyDateRule, type DateRule } from '../ingest/job/date-rule.ts'
import type { PlannedFile } from '../ingest/plan.ts'
import type { Engine } from './engines/engine.ts'
import type { Examples } from './extract/examples.ts'
import type { EffortLevel } from './model/effort.ts'
import type { DocumentKind, ParsedDocument } from './model/document.ts'
import { contentId } from './model/ids.ts'
import type { Schema } from './model/schema.ts'
import type { Routing } from './routes/routing.ts'
import type { StoredDocument } from './store/records.ts'

/** Who is asked about a source's chunks, and what to look for. */
export interface Route {
  readonly engine: Engine
  readonly schema: Schema
  /** Who is asked which steps of a trace belong to which links; null or absent: it is found out offline. */
  readonly aligner?: Engine | null
  /** How much is asked about each chunk; absent: one request. */
  readonly effort?: RouteEffort
  /** Decided links that its prompts show, as far as there is room; absent: none. */
  readonly examples?: Examples
  /** Who is asked instead, chunk by chunk, where the settings have rules for it; absent: always `engine`. */
  readonly routed?: {
    readonly routing: Routing
    /** By the names that the settings give their engines. */
    readonly routes: ReadonlyMap<string, Route>
    /** The same for what a chunk is done with; see `engineFingerprint`. */
    readonly fingerprints: ReadonlyMap<string, string>
  }
}

export interface RouteEffort {
  readonly level: EffortLevel
  /** Readings in all, where it is thorough. */
  readonly samples: number
  /** Who checks what was said; null: the engine that said it. */
  readonly verifier: Engine | null
}

/** What holds for all documents of one source. */
export interface SourceRules {
  /** Name of the source: with the path, a document's identity. */
  readonly name: string
  /** What its paths are counted from, the same wherever the project lies; only what was found there can be gone. */
  readonly root?: string
  readonly route: Route
  readonly kind?: DocumentKind | undefined
  readonly date?: DateRule | undefined
  readonly language?: string | undefined
  readonly labels: readonly string[]
}

/** A file on disk, or what a loader brought in the place of one. */
export interface Incoming {
  readonly path: string
  readonly rules: SourceRules
  /** Where the file is; null where a loader brought the document. */
  readonly absolute: string | null
  readonly loaded?: { readonly parsed: ParsedDocument; readonly bytes: Uint8Array }
  /** Which document it is, and what is to be done about it, where the whole source has been looked at. */
  readonly planned?: PlannedFile
}

/** A document that is not in its source any more. */
export interface GoneDocument {
  readonly gone: StoredDocument
}

/** Changes with anything that a source's rules say about its documents; null where they say nothing. */
export function rulesKey({ kind, date, language, labels }: SourceRules): string | null {
  if (kind === undefined && date === undefined && language === undefined && labels.length === 0) return null
  return contentId('rules', JSON.stringify([kind, date, language, labels]))
}

/** What a reader made of a file, with what its source says about it. */
export function underRules(
  parsed: ParsedDocument,
  rules: SourceRules,
  file: { readonly path: string; readonly modifiedAt: number | null },
): ParsedDocument & { language: string | null; labels: readonly string[] } {
  const { kind, date, language = null, labels } = rules
  return {
    ...parsed,
    // An archive has no text that could be of another kind.
    kind: parsed.kind === 'archive' ? parsed.kind : (kind ?? parsed.kind),
    date: applyDateRule(date, { path: file.path, readerDate: parsed.date, modifiedAt: file.modifiedAt }),
    language,
    labels,
  }
}
