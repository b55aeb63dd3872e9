import type { DocumentKind, UnitKind } from './document.ts'
import type { Schema } from './schema.ts'

/** One unit of the question, numbered from 1. `start` is a time (`00:14:22`), not an offset. */
export interface QuestionUnit {
  readonly s: number
  readonly kind: UnitKind
  readonly speaker: string | null
  readonly start: string | null
  readonly text: string
  /** Stands after an empty line: of rows, the first of another table. */
  readonly afterGap?: boolean
}

/** What one request asks about one chunk, before it is put into a prompt's words. */
export interface Question {
  /**
   * `columns`: what the columns of a table mean, from its profile. `identity`: whether two names are one thing. `summary`:
   * what a document says, from what is said of its chunks. Absent: the links in a text.
   */
  readonly asksFor?: 'columns' | 'identity' | 'summary'
  readonly source: {
    readonly title: string
    readonly kind: DocumentKind
    readonly date: string | null
    /** BCP 47, where the job says so. */
    readonly language?: string | null
  }
  readonly units: readonly QuestionUnit[]
  readonly schema: Schema
  /** Names of entities that are known already and likely to be meant here. */
  readonly known: readonly string[]
  /** What people made of links in other sources. Absent: nothing is told of it. */
  readonly examples?: ShownExamples
}

/** A line each, in the prompt's words; `ids` of the links among them. */
export interface ShownExamples {
  readonly lines: readonly string[]
  readonly ids: readonly string[]
}
