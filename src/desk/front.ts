import type { Key } from './keys.ts'

/** What a reviewer sees at one moment. Its texts are safe to print. */
export interface Frame {
  /** The link and what is open of it; longer than the screen, perhaps. */
  readonly lines: readonly string[]
  /** What became of the last key. */
  readonly message: string
  /** Which keys there are, or the note that is being written. */
  readonly prompt: string
  readonly busy: boolean
  /** Lines to leave out at the top. */
  readonly top: number
}

/** Where a reviewer sits: something that shows frames and gives keys. */
export interface Front {
  readonly width: number
  /** What it shows stays as it was printed: nothing is shown again that only counts otherwise. */
  readonly isLinear?: true
  /** Returns by how many lines it was scrolled really. */
  draw(frame: Frame): number
  /** Leaves the terminal as it was found; again does nothing. */
  close(): void
}

/** What a front calls. */
export interface FrontEvents {
  /** Those that came at once; all but the first were pressed before anything was made of it. */
  readonly onKeys: (
    keys: readonly Key[],
    how?: {
      /** The first comes again and again, as of a key that is held down. */
      readonly isHeld?: boolean
    },
  ) => void
  readonly onResize: () => void
  /** The next keys are text, so that what is pasted counts whole. */
  readonly isTyping: () => boolean
  /** Whether text follows this key. */
  readonly beginsText: (key: Key) => boolean
}

/** The terminal that a process was started on. */
export interface Terminal {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
}
