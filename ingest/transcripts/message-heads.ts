/** The line in which a message, or what one person says, begins. */
export interface Head {
  /** As written: `7:05`, `00:12:05`. */
  readonly time: string
  readonly name: string
  /** What stands behind it on the same line. */
  readonly text: string
}

/** One way in which tools write down who said what when. */
export interface Style {
  readonly kind: 'chat' | 'transcript'
  readonly readHead: (line: string) => Head | null
}

const LONGEST_NAME = 80
const TIME = '(?<time>(?:\\d{1,3}:)?\\d{1,2}:\\d{2})(?:[.,]\\d{1,3})?'
const TEXT = '(?:\\s+(?<text>[^]*))?$'

export const TABBED_CHAT: Style = { kind: 'chat', readHead: readTabbed }

/** Head and words on one line. */
export const INLINE_STYLES: readonly Style[] = [
  TABBED_CHAT,
  { kind: 'chat', readHead: readFrom },
  // Exported transcripts: `Name (00:12:05): text`, `Name [00:12:05]: text`.
  transcript(`^(?<name>\\S[^\\t()]{0,80}(?:\\([^()]{0,40}\\))?)\\s[([]${TIME}[)\\]]:${TEXT}`),
  // `Name: (00:12:05) text`, as Rev writes it.
  transcript(`^(?<name>[^\\s:[(][^:\\t]{0,80}?):\\s{1,4}[([]${TIME}[)\\]]${TEXT}`),
  // `[00:12:05] Name: text`, `(00:12:05) Name: text`.
  transcript(`^[([]${TIME}[)\\]]\\s+(?<name>[^\\s:][^:\\t]{0,80}?):${TEXT}`),
  // `00:12:05 Name: text`; with hours, for agendas have lines like `10:30 Coffee: in the hall`.
  transcript(
    `^(?<time>\\d{1,2}:\\d{2}:\\d{2})(?:[.,]\\d{1,3})?\\s{1,4}(?:[-–|]\\s)?(?<name>[^\\s:\\d][^:\\t]{0,80}?):${TEXT}`,
  ),
]

/** Head on a line of its own, the words below it. */
export const HEAD_LINE_STYLES: readonly Style[] = [
  // Otter and Teams: `Ana Ruiz  0:03`.
  transcript(`^(?<name>[^\\s:][^:\\t]{0,79}?)(?:\\s{2,8}|\\t)${TIME}\\s*$`),
  // Zoom's captions: `[Ana Ruiz] 10:02:41`.
  transcript(`^\\[(?<name>[^\\s:[\\]][^:\\t[\\]]{0,79})\\]\\s{1,4}${TIME}\\s*$`),
  // `Ana Ruiz (0:03)`, `Ana Ruiz [0:03]`.
  transcript(`^(?<name>[^\\s:[(][^:\\t]{0,79}?)\\s{1,4}[([]${TIME}[)\\]]\\s*$`),
  // `[0:03] Ana Ruiz`.
  transcript(`^[([]${TIME}[)\\]]\\s{1,4}(?<name>[^\\s:][^:\\t]{0,79})$`),
  // `Ana Ruiz 0:03`, `Ana Ruiz | 0:03`: with so little to tell it, only where the name looks like one.
  transcript(
    `^(?<name>(?:\\p{Lu}[\\p{L}'’.-]{0,30}|Speaker \\d{1,3})(?: \\p{Lu}[\\p{L}'’.-]{0,30}){0,3})\\s(?:[|–-]\\s)?${TIME}\\s*$`,
  ),
]

/** Enough lines to tell the style of a conversation. */
const LINES_TO_JUDGE = 400

/** Non-empty lines from the beginning of a text, cut to what a head may need. */
export function linesToJudge(text: string): string[] {
  return text
    .split('\n', LINES_TO_JUDGE)
    .map((line) => line.slice(0, 400))
    .filter((line) => line.trim() !== '')
}

/** `7:05` → 425. */
export function secondsOf(time: string): number {
  return time.split(':').reduce((total, part) => total * 60 + Number(part), 0)
}

function transcript(source: string): Style {
  const pattern = new RegExp(source, 'u')
  return {
    kind: 'transcript',
    readHead: (line) => {
      const groups = pattern.exec(line)?.groups
      return groups === undefined
        ? null
        : { time: groups['time'] ?? '', name: groups['name']?.trim() ?? '', text: groups['text'] ?? '' }
    },
  }
}

/**
 * Zoom's saved chat: `10:02:41<tab>Name<tab>text`, newer ones with a colon after the name. Step by step, as the next
 * one: where blanks may stand on both sides of a name, a pattern tries every way to share out a long run of them.
 */
function readTabbed(line: string): Head | null {
  const time = /^\d{1,2}:\d{2}:\d{2}(?=\t)/.exec(line)?.[0]
  if (time === undefined) return null
  const [, nobody] = /^[^\S\t]+\t([^\t]*)$/.exec(line.slice(time.length + 1)) ?? []
  if (nobody !== undefined) return { time, name: '', text: nobody }
  const rest = line.slice(time.length + 1).trimStart()
  const tab = rest.indexOf('\t')
  const name = rest
    .slice(0, Math.max(0, tab))
    .trimEnd()
    .replace(/(?<=[^]):$/, '')
    .trimEnd()
  return tab < 1 || name.length > LONGEST_NAME ? null : { time, name, text: rest.slice(tab + 1) }
}

/** Older Zoom: `10:02:41 From Name to Everyone: text`. */
function readFrom(line: string): Head | null {
  const [, time, rest] = /^(?:\d{4}-\d{2}-\d{2} )?(\d{1,2}:\d{2}:\d{2})\s+From\s+([^]*)$/i.exec(line) ?? []
  if (time === undefined || rest === undefined) return null
  const colon = rest.search(/:(?:\s|$)/)
  const who = rest.slice(0, Math.max(0, colon)).trimEnd()
  const to = who.search(/\sto\s/i)
  const name = (to < 0 ? who : who.slice(0, to)).trimEnd()
  if (name === '' || name.length > LONGEST_NAME) return null
  if (to >= 0 && who.slice(to + 4).trim().length > LONGEST_NAME) return null
  return { time, name, text: rest.slice(colon + 1).trimStart() }
}
