/** Where something stands in its source, as a person would look for it. All numbers count from 1. */
export interface Place {
  readonly page?: number
  readonly line?: number
  readonly slide?: number
  /** Paragraph of a word processor's file, which has neither pages nor lines of its own. */
  readonly paragraph?: number
  /** Title of the chapter of a book. */
  readonly chapter?: string
  readonly sheet?: string
  /** Row of a table: the number a spreadsheet shows, the line of a CSV or JSONL file, the record of others. */
  readonly row?: number
  /** `C12`, as a spreadsheet names it. */
  readonly cell?: string
  /** Name of a table's column. */
  readonly column?: string
  /** What stands beside the main text: it is not part of its flow. */
  readonly part?:
    | 'note'
    | 'footnote'
    | 'endnote'
    | 'comment'
    | 'header'
    | 'footer'
    | 'annotation'
    | 'quoted'
    | 'profile'
  /** `hh:mm:ss` from the start of the recording, or the time of day of a chat message. */
  readonly time?: string
  readonly endTime?: string
  /** Who says it: speaker, author of a comment, sender of a mail. */
  readonly speaker?: string
  /** What stood in brackets after the speaker's name: usually whom they work for. */
  readonly affiliation?: string
  /** ISO date on which it was said, where that differs from the document's: comments, quoted mails. */
  readonly date?: string
}

/** `meetings/standup.vtt 00:14:22 Ana Ruiz`, `plan.pdf p. 3 l. 12`, `owners.xlsx Teams row 12 C12`. */
export function formatPlace(path: string, place: Place): string {
  const parts = [path]
  if (place.page !== undefined) parts.push(`p. ${place.page}`)
  if (place.slide !== undefined) parts.push(`slide ${place.slide}`)
  if (place.chapter !== undefined) parts.push(`“${place.chapter}”`)
  if (place.paragraph !== undefined) parts.push(`¶ ${place.paragraph}`)
  if (place.sheet !== undefined) parts.push(place.sheet)
  if (place.row !== undefined) parts.push(`row ${place.row}`)
  if (place.cell !== undefined) parts.push(place.cell)
  else if (place.column !== undefined) parts.push(`column ${place.column}`)
  if (place.part !== undefined) parts.push(`(${place.part})`)
  if (place.time !== undefined) parts.push(place.time)
  if (place.speaker !== undefined) parts.push(place.speaker)
  if (place.line !== undefined && place.time === undefined && place.row === undefined) parts.push(`l. ${place.line}`)
  return parts.join(' ')
}

/** `Justin Florentine (Besu)`: whom somebody speaks for is a hint that the words alone do not give. Null: nobody speaks. */
export function speakerLabel({ speaker, affiliation }: Place): string | null {
  if (speaker === undefined) return null
  return affiliation === undefined ? speaker : `${speaker} (${affiliation})`
}
