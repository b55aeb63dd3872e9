/** The part of pdfjs that is used here, as it comes out of pdf-parse; its own types are not reachable from outside. */
export interface PdfFile {
  readonly numPages: number
  getPage(number: number): Promise<PdfPage>
  getOutline(): Promise<readonly OutlineNode[] | null>
  getMetadata(): Promise<PdfMetadata>
  getAttachments(): Promise<Readonly<Record<string, PdfAttachment>> | null>
}

/** One page; coordinates are in points and y grows upwards until the viewport turns them. */
export interface PdfPage {
  readonly commonObjs: { has(name: string): boolean; get(name: string): unknown }
  getViewport(settings: { scale: number }): PdfViewport
  getTextContent(): Promise<PdfTextContent>
  getAnnotations(): Promise<readonly PdfAnnotation[]>
  getOperatorList(): Promise<{ readonly fnArray: readonly number[] }>
  cleanup(): boolean
}

/** Takes a page's coordinates to those of the page as it is shown: from its upper left corner, y downwards. */
export interface PdfViewport {
  readonly width: number
  readonly height: number
  readonly transform: readonly number[]
}

/** The words of a page with the styles of their fonts. */
export interface PdfTextContent {
  readonly items: readonly (PdfTextItem | { readonly type: string })[]
  readonly styles: Readonly<Record<string, { readonly vertical?: boolean }>>
}

/** A stretch of text that the file shows in one go; white space between two of them is an item too. */
export interface PdfTextItem {
  readonly str: string
  readonly dir: string
  readonly transform: readonly number[]
  readonly width: number
  readonly height: number
  readonly fontName: string
}

/** Table of contents as readers show it in a side bar. */
export interface OutlineNode {
  readonly title: string
  readonly items: readonly OutlineNode[]
}

/** What stands in the file's properties. `metadata` is XMP. */
export interface PdfMetadata {
  readonly info: Readonly<Record<string, unknown>>
  readonly metadata: { get(name: string): unknown } | null
}

/** A file inside the file. */
export interface PdfAttachment {
  readonly filename?: string
  readonly content?: Uint8Array
}

/** A comment, a mark or a field of a form. Dates are in PDF's own form (`D:20250318…`). */
export interface PdfAnnotation {
  readonly subtype?: string
  readonly rect?: readonly number[]
  readonly contentsObj?: { readonly str?: string }
  readonly titleObj?: { readonly str?: string }
  readonly creationDate?: string | null
  readonly modificationDate?: string | null
  readonly fieldType?: string | null
  readonly fieldValue?: unknown
  readonly checkBox?: boolean
  readonly radioButton?: boolean
  readonly buttonValue?: string
  readonly exportValue?: string
  readonly multiLine?: boolean
  readonly password?: boolean
  readonly hidden?: boolean
  readonly options?: readonly { readonly exportValue?: string; readonly displayValue?: string }[]
}
