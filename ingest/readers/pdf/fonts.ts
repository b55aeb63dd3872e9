import type { PdfPage, PdfTextContent } from './pdfjs.ts'

/** What makers of fonts write into the names of bold ones; `Medi` and `BX` are those of TeX. */
const BOLD = /bold|black|heavy|demi|-medi(?!um)|^(?:cm|sf|ec|ptm)b|bx\d|-bd\b/i
/** To learn a font's name, the drawing of a page must be gone through: not of more pages than these. */
const MAX_PAGES_FOR_FONTS = 200

/** Which fonts of a document are bold, learned page by page as new ones come up. */
export function fontBook(): {
  learn(page: PdfPage, content: PdfTextContent): Promise<void>
  isBold(fontName: string): boolean
} {
  const bold = new Map<string, boolean>()
  let pagesLeft = MAX_PAGES_FOR_FONTS
  return {
    async learn(page, content) {
      const names = Object.keys(content.styles).filter((name) => !bold.has(name))
      if (names.length === 0 || pagesLeft <= 0) return
      pagesLeft -= 1
      try {
        await page.getOperatorList()
      } catch {
        // The text is there already; only its weight stays unknown.
        return
      }
      for (const name of names) if (page.commonObjs.has(name)) bold.set(name, looksBold(page.commonObjs.get(name)))
    },
    isBold: (fontName) => bold.get(fontName) ?? false,
  }
}

function looksBold(font: unknown): boolean {
  if (typeof font !== 'object' || font === null) return false
  if ('bold' in font && font.bold === true) return true
  const name = 'name' in font && typeof font.name === 'string' ? font.name.replace(/^[A-Z]{6}\+/, '') : ''
  return BOLD.test(name)
}
