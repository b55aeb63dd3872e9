/** Where something stands in its source, as a person would look for it. Lines and pages count from 1. */
export interface Place {
  readonly page?: number
  readonly line?: number
  readonly slide?: number
  readonly sheet?: string
  readonly cell?: string
  /** `hh:mm:ss` from the start of the recording, or the time of day of a chat message. */
  readonly time?: string
  readonly endTime?: string
  readonly speaker?: string
}

/** `meetings/standup.vtt 00:14:22 Ana Ruiz`, `plan.pdf p. 3 l. 12`, `charter.md l. 9`. */
export function formatPlace(path: string, place: Place): string {
  const parts = [path]
  if (place.page !== undefined) parts.push(`p. ${place.page}`)
  if (place.slide !== undefined) parts.push(`slide ${place.slide}`)
  if (place.sheet !== undefined) parts.push(place.sheet)
  if (place.cell !== undefined) parts.push(place.cell)
  if (place.time !== undefined) parts.push(place.time)
  if (place.speaker !== undefined) parts.push(place.speaker)
  if (place.line !== undefined && place.time === undefined) parts.push(`l. ${place.line}`)
  return parts.join(' ')
}
