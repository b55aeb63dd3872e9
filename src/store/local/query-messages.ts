/** What the process that asks and the one that queries say to each other. */
export interface ChildRequest {
  readonly folder: string
  readonly storePath: string
  readonly text: string
  readonly parameters: Readonly<Record<string, unknown>>
}

export type ChildMessage =
  /** The projection has caught up: now the query's own time begins. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }
  | { readonly kind: 'refused'; readonly message: string }
  /** The query itself is wrong: by its syntax, or in what it does (a division by zero). */
  | { readonly kind: 'wrong'; readonly message: string; readonly syntax: boolean }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly hint?: string }
