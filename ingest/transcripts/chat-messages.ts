import type { Segment } from './turns.ts'

/** How far the quoted words at the head of a reply may reach. */
const LONGEST_QUOTE = 60

/** `Replying to "…"`, in the language of whoever sent it. */
const REPLY =
  /^(?:replying to|in reply to|répondre à|en réponse à|réponse à|respondiendo a|respuesta a|respondendo a|in risposta a|antworten? (?:auf|an)|als antwort auf)\s*["“„«]/iu
/** `Reacted to "…" with 👍`, `Removed a 👍 reaction from "…"`. */
const REACTION =
  /^(?:reacted to|removed an? [^"“]{1,40} reaction from|se ha reaccionado a|ha reaccionado a|reaccionó a|a réagi à|hat (?:reagiert )?auf|ha reagito a|reagiu a|已使用)\s*[^\s"“„«]{0,12}\s*["“„«]/iu
const CLOSES_QUOTE = /["”“»]:?\s*$/u
/** The emoji behind the quoted words: hardly a letter. */
const WITH_EMOJI = /["”“»]\s*(?:with|con|avec|mit|com)?\s*[^\n"”“»]{1,24}$/u

/**
 * Takes apart what chat clients write into a message beside the sender's own words. The words that a reply answers
 * are quoted, a reaction is an annotation of the message that it repeats: both stay, marked for what they are.
 */
export function splitMessage(message: Segment): Segment[] {
  const text = message.text.trimEnd()
  if (REACTION.test(text) && WITH_EMOJI.test(text.slice(-80))) return [{ ...message, part: 'annotation' }]
  if (!REPLY.test(text)) return [message]
  const lines = text.split('\n', LONGEST_QUOTE)
  const last = lines.findIndex((line, index) => CLOSES_QUOTE.test(line.slice(index === 0 ? 14 : 0)))
  if (last < 0) return splitInLine(message, text)
  const all = text.split('\n')
  let next = last + 1
  while (next < all.length && all[next]?.trim() === '') next += 1
  const quoted: Segment = { ...message, text: lines.slice(0, last + 1).join('\n'), part: 'quoted' }
  if (next === all.length) return [quoted]
  const line = message.line === undefined ? {} : { line: message.line + next }
  return [quoted, { ...message, ...line, text: all.slice(next).join('\n') }]
}

/** Older clients: `Replying to "…": the words`, on one line. */
function splitInLine(message: Segment, text: string): Segment[] {
  const close = /["”“»]:\s/u.exec(text.slice(14))
  if (close === null) return [message]
  const end = 14 + close.index + close[0].length
  return [
    { ...message, text: text.slice(0, end), part: 'quoted' },
    { ...message, text: text.slice(end) },
  ]
}
