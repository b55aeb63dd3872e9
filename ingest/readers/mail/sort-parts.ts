import { fieldOf, parameter, type MailPart } from './parts.ts'

/** What the parts of a mail are to a reader of it. */
export interface SortedParts {
  /** In order; of several versions of one text only those of the best kind. */
  readonly texts: readonly MailPart[]
  /** HTML versions of texts that are read as plain text: the better ones where the plain one is a mere stub. */
  readonly otherTexts: readonly MailPart[]
  readonly files: readonly MailPart[]
  readonly encrypted: readonly MailPart[]
  /** Signed in a way that wraps the text, which nothing here can open. */
  readonly wrapped: readonly MailPart[]
  /** Outlook's own container for attachments and formatting. */
  readonly winmail: readonly MailPart[]
  readonly tooDeep: readonly MailPart[]
  /** Multiparts in which no part was found; read as plain text. */
  readonly broken: readonly MailPart[]
}

interface Text {
  readonly part: MailPart
  /** The outermost `multipart/alternative` around it. */
  readonly choice: MailPart | null
}

const SIGNATURES = /^application\/(?:pgp-signature|pgp-keys|(?:x-)?pkcs7-signature)$/
const ENVELOPES = /^application\/(?:x-)?pkcs7-mime$/

/** Sorts the leaves of a mail's tree. `isBlank` tells whether a part holds any text. */
export function sortParts(root: MailPart, isBlank: (part: MailPart) => boolean): SortedParts {
  const texts: Text[] = []
  const files: MailPart[] = []
  const encrypted: MailPart[] = []
  const wrapped: MailPart[] = []
  const winmail: MailPart[] = []
  const tooDeep: MailPart[] = []
  const broken: MailPart[] = []
  const steps: Text[] = [{ part: root, choice: null }]
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { part, choice } = step
    const isMultipart = part.type.startsWith('multipart/')
    if (part.type === 'multipart/encrypted') encrypted.push(part)
    else if (part.tooDeep) tooDeep.push(part)
    else if (part.children.length > 0) {
      const inner = choice ?? (part.type === 'multipart/alternative' ? part : null)
      for (const child of part.children.toReversed()) steps.push({ part: child, choice: inner })
    } else if (isMultipart) {
      if (!isBlank(part)) {
        broken.push(part)
        texts.push(step)
      }
    } else if (ENVELOPES.test(part.type)) (isSigned(part) ? wrapped : encrypted).push(part)
    else if (part.type === 'application/ms-tnef' || /^winmail\.dat$/i.test(rawName(part))) winmail.push(part)
    else if (isText(part, texts.length === 0)) texts.push(step)
    else if (!SIGNATURES.test(part.type) && !isInlineImage(part)) files.push(part)
  }
  const isPlain = (part: MailPart): boolean => part.type !== 'text/html'
  const plainChoices = new Set(
    texts.filter(({ part, choice }) => choice !== null && isPlain(part) && !isBlank(part)).map(({ choice }) => choice),
  )
  const isBest = ({ part, choice }: Text): boolean => choice === null || isPlain(part) === plainChoices.has(choice)
  return {
    texts: texts.filter((text) => isBest(text)).map(({ part }) => part),
    otherTexts: texts.filter((text) => !isBest(text) && !isPlain(text.part)).map(({ part }) => part),
    files,
    encrypted,
    wrapped,
    winmail,
    tooDeep,
    broken,
  }
}

/** The name of a part as it stands in the header: enough to see whether it has one. */
export function rawName(part: MailPart): string {
  return (
    parameter(part.header, 'content-disposition', 'filename\\*?(?:\\d+\\*?)?') ??
    parameter(part.header, 'content-type', 'name\\*?(?:\\d+\\*?)?') ??
    ''
  )
}

/** Text that is shown as the mail's own; with a name only where it comes first. */
function isText(part: MailPart, isFirst: boolean): boolean {
  if (part.type !== 'text/plain' && part.type !== 'text/html') return false
  if (disposition(part) === 'attachment') return false
  return isFirst || rawName(part) === ''
}

/** Pictures in the page; those that are attached are files. */
function isInlineImage(part: MailPart): boolean {
  if (!part.type.startsWith('image/')) return false
  return disposition(part) !== 'attachment' || fieldOf(part.header, 'content-id') !== ''
}

function isSigned(part: MailPart): boolean {
  return /^signed|^certs/i.test(parameter(part.header, 'content-type', 'smime-type') ?? '')
}

function disposition(part: MailPart): string {
  return /^[\w-]+/.exec(fieldOf(part.header, 'content-disposition'))?.[0].toLowerCase() ?? ''
}
