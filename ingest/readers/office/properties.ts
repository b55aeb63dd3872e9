import { foldSpace } from '../../passage.ts'
import { childrenOf, textOf, type XmlElement } from '../../xml.ts'
import { localName } from '../docx/usual-prefixes.ts'

/** What a file says about itself beside its text. */
export interface Properties {
  /** Null where there is none, or only what the program put in. */
  readonly title: string | null
  readonly metadata: Readonly<Record<string, string>>
}

/** Names of Dublin Core and its kin, as they are shown. */
const SHOWN: Readonly<Record<string, string>> = {
  creator: 'author',
  lastModifiedBy: 'lastModifiedBy',
  created: 'created',
  modified: 'modified',
  subject: 'subject',
  description: 'description',
  keywords: 'keywords',
  category: 'category',
}
/** What programs, printers and templates call a document that nobody gave a name. */
const NO_TITLE =
  /^(?:microsoft (?:office )?(?:word|powerpoint)\b.*|(?:word|powerpoint) (?:document|presentation)|(?:document|dokument|documento?|doc|presentation|präsentation|présentation|presentación|slide|untitled|unbenannt|title|titel|título|titre)[\s_-]*\d*|.*\.(?:docx?|dotx?|dotm|docm|pptx?|odt|ott|rtf|pdf))$/iu

/** The core properties of an Office file (`docProps/core.xml`). */
export function readProperties(core: XmlElement | null): Properties {
  const metadata: Record<string, string> = {}
  let title: string | null = null
  for (const element of core === null ? [] : childrenOf(core)) {
    const value = foldSpace(textOf(element))
    const shown = SHOWN[localName(element)]
    if (value === '') continue
    if (localName(element) === 'title') title ??= sensibleTitle(value)
    else if (shown !== undefined) metadata[shown] ??= value
  }
  return { title, metadata }
}

/** Null for what is no title that a person would give. */
export function sensibleTitle(title: string): string | null {
  const folded = foldSpace(title)
  return folded.length > 200 || !/\p{L}{2}|\p{Lo}/u.test(folded) || NO_TITLE.test(folded) ? null : folded
}
