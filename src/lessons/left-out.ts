/** Why something that people decided about is no lesson; in words, for people. */
export const LEFT_OUT = {
  undecided: 'not all of its links are decided',
  undone: 'the verdict was taken back',
  disputed: 'another source denies it, or it cannot hold beside another link',
  'not-agreed': 'reviewers differ about it',
  flagged: 'somebody flagged it',
  planted: 'its source speaks to the model or gives an order, and may have planted it',
  shown: 'the model had been shown it as an example',
  gone: 'no source says it any more',
  'not-asserted': 'the source denies or hedges it, so that a verdict does not tell whether the model was right',
  'missing-quote': 'its quotes are not in the source',
  'other-kind': 'it is about two names, two links, the columns of a table or what a document is about',
  repeated: 'the same words were taken from another document',
  'no-model': 'no model was asked',
  cut: 'the reply broke off, or its budget cut it',
  'prompt-unknown': 'nobody kept what the prompt was like: an older whygraph asked',
  'prompt-changed':
    'its prompt cannot be written again as it was sent: title, date, known names, examples or whygraph itself changed',
  'off-contract': 'the corrected answer is not of the form that is asked for',
  'nothing-corrected': 'people changed nothing about the answer, so there is none to prefer it to',
} as const

export type LeftOut = keyof typeof LEFT_OUT

/** What came of something: a lesson, or why there is none. */
export type Lesson<T> = { readonly lesson: T } | { readonly leftOut: LeftOut }
