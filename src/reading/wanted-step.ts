import type { StepName } from '../model/reply.ts'

/** A further request about a chunk, before it is made. */
export interface WantedStep {
  readonly name: StepName
  /** Why it is taken, for people: it is kept with the reply. */
  readonly because: string
  /**
   * Words behind those of the first request, which a server may have in its cache; or the whole of a request to whoever
   * checks what was said.
   */
  readonly prompt: { readonly behind: string } | { readonly whole: string }
  /** What makes it another request than others of its name: what the graph happens to know by then is no part of it. */
  readonly part: string
  /** ISO time of the answer that it follows: an older reply to the same request followed another one. Absent: any will do. */
  readonly since?: string
}
