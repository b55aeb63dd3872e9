import { addressParser } from 'postal-mime'
import { findDate } from '../../dates.ts'
import { displayName, formatAddresses } from './header.ts'

/** Who wrote what is quoted, and when, as far as the mail says. */
export interface Author {
  readonly speaker: string | null
  /** ISO date. */
  readonly date: string | null
}

/** What a line such as `On … wrote:` says, and how much it looks like a mail program's. */
export interface Attribution extends Author {
  /** It begins as such lines do, and gives a date. */
  readonly isDated: boolean
  /** It gives an address or a time of day too: nobody tells a story like that. */
  readonly isSure: boolean
}

/** The words that mail programs put before a date and, at the end, after a name. */
const OPENER = /^(?:on|am|le|el|op|il|em|den|dne)\s/i
const SAID =
  /(?<!\p{L})(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev|napsal(?:\(a\))?)(?!\p{L}).{0,150}:\s*$/iu
const SAID_BEFORE_NAME = /(?<!\p{L})(?:schrieb|schreef|skrev)\s+(\S.{0,150}?)\s*:\s*$/iu
/** All up to the last date or time of day, with what stands after it that is no name. */
const DATE_PART =
  /^.*\d(?:\s?[APap]\.?[Mm]\.?(?!\p{L}))?(?:\s*(?:UTC|GMT|CES?T|[ECMP][SD]T|BST|Uhr)(?!\p{L}))?(?:\s*\([^()]*\))?[\s,:–-]*/u
const DATED = /\d{4}|\d{1,2}:\d{2}/
const TIMED = /\d{1,2}:\d{2}/

const SEPARATOR =
  /^[-_=]{2,}\s*(?:original message|forwarded message|ursprüngliche nachricht|originalnachricht|weitergeleitete nachricht|message d['’]origine|message (?:original|transféré)|mensaje (?:original|reenviado)|messaggio (?:originale|inoltrato)|oorspronkelijk bericht|doorgestuurd bericht|mensagem (?:original|encaminhada))[^-_=]{0,60}[-_=]{2,}$/iu
const BEGIN_FORWARDED =
  /^(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message transféré|inicio del mensaje reenviado)\s?:$/iu

type Label = 'from' | 'date' | 'to' | 'subject' | 'other'

const LABELS: Readonly<Record<Label, string>> = {
  from: 'from|von|de|da|van|från|od',
  date: 'sent|date|gesendet|datum|envoyé(?: le)?|enviado(?: el)?|fecha|data|inviato|verzonden|skickat',
  to: 'to|an|à|para|a|aan|till',
  subject: 'subject|betreff|objet|asunto|oggetto|onderwerp|assunto|ämne',
  other: 'cc|bcc|kopie|reply-to|importance|attachments?|anlagen?',
}
const LABEL_PATTERNS = Object.entries(LABELS).map(
  ([label, words]) => [label as Label, new RegExp(`^\\*?(?:${words})\\s?:\\*?(?:\\s+(.*))?$`, 'iu')] as const,
)

/** Names of months in the languages above, for dates as mail programs write them. */
const MONTHS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ['january', 'januar januari janvier janv enero ene gennaio gen janeiro'],
    ['february', 'februar februari février févr fév febrero febbraio fevereiro fev'],
    ['march', 'märz mrz mär maart mrt mars marzo março'],
    ['april', 'avril avr abril abr aprile'],
    ['may', 'mai mei mayo maggio mag maio'],
    ['june', 'juni juin junio giugno giu junho'],
    ['july', 'juli juillet juil julio luglio lug julho'],
    ['august', 'augustus août agosto ago'],
    ['september', 'septembre septiembre settembre setembro'],
    ['october', 'oktober okt octobre octubre ottobre ott outubro out'],
    ['november', 'novembre noviembre novembro'],
    ['december', 'dezember dez décembre déc diciembre dic dicembre dezembro'],
  ].flatMap(([month = '', names = '']) => names.split(' ').map((name) => [name, month])),
)

/** `On 3 March 2025, Ana Ruiz <ana@x.example> wrote:` in several languages; null for other lines. */
export function readAttribution(text: string): Attribution | null {
  if (text.length > 300 || !text.trimEnd().endsWith(':') || !SAID.test(text)) return null
  const isDated = OPENER.test(text) && DATED.test(text)
  const isSure = isDated && (text.includes('@') || TIMED.test(text))
  return { speaker: whoWrote(text), date: findQuotedDate(text), isDated, isSure }
}

/** Whether a line may begin an attribution that goes on in the next. */
export function mayBeginAttribution(text: string): boolean {
  return OPENER.test(text) && text.length < 300
}

/** `-----Original Message-----`, and what other programs write above a message that they quote whole. */
export function isSeparator(text: string): boolean {
  const line = text.trim()
  return line.length < 120 && (SEPARATOR.test(line) || BEGIN_FORWARDED.test(line))
}

/** `From: Ana Ruiz` as one line of a quoted message's head. */
export function readLabel(text: string): { readonly label: Label; readonly value: string } | null {
  const line = text.trim()
  const colon = line.indexOf(':')
  if (colon < 0 || colon > 20 || line.length > 1000) return null
  for (const [label, pattern] of LABEL_PATTERNS) {
    const match = pattern.exec(line)
    if (match !== null) return { label, value: match[1] ?? '' }
  }
  return null
}

/** `Ana Ruiz [mailto:ana@x.example]` → `Ana Ruiz`. */
export function speakerOf(value: string): string | null {
  const plain = value
    .replace(/\s*[[(]mailto:[^\])]*[\])]/i, '')
    .replace(/\*/g, '')
    .replace(/\s+/g, ' ')
    .trim()
  // Outlook leaves the address out; then all of it is the name, with what the firm puts in brackets after it.
  const first = plain.includes('<') ? formatAddresses(plain)[0] : plain
  return first === undefined || first === '' ? null : displayName(first)
}

/** A date as mail programs of several languages write it. Digits with dots are day first everywhere. */
export function findQuotedDate(text: string): string | null {
  const dotted = /(?<!\d)(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)/.exec(text)
  if (dotted) {
    const [, day = '', month = '', year = ''] = dotted
    return findDate(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`)
  }
  const english = text
    .slice(0, 300)
    .replace(/(?<=[\d\p{L}.]) de (?=[\d\p{L}])/gu, ' ')
    .replace(/\p{L}{3,10}/gu, (word) => MONTHS[word.toLowerCase()] ?? word)
  return findDate(english)
}

function whoWrote(text: string): string | null {
  const address = /<(?:mailto:)?([^<>\s]{1,100}@[^<>\s]{1,100})>/.exec(text)?.[1] ?? null
  const withoutAddress = text.replace(/\(?<[^<>]{0,300}>\)?/g, ' ')
  const after = SAID_BEFORE_NAME.exec(withoutAddress)?.[1]
  const before = withoutAddress.slice(0, withoutAddress.search(SAID))
  const name = cleanName(after ?? before.replace(DATE_PART, ''))
  // What is left of an attribution that is built in another way is no name.
  if (name !== '' && name.length <= 80 && !/\d/.test(name) && !OPENER.test(`${name} `)) return name
  return address ?? (name.includes('@') ? (addressParser(name)[0]?.address ?? null) : null)
}

function cleanName(name: string): string {
  return name
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^["'“”„,\s]+|["'“”„,\s]+$/gu, '')
}
