import type { PdfFile } from './pdfjs.ts'

/** Numbers of pdfjs's operators that put something onto a page: paths, shadings, pictures of all kinds. */
const PAINTS = new Set([62, 63, 64, 65, 66, 76, 77, 83, 84, 85, 86, 87, 88, 89, 90, 91])
const PAGES_LOOKED_AT = 20

/** Whether a file without text shows anything: then it is a scan, or its letters are drawn. */
export async function hasPictures(file: PdfFile, bytes: Uint8Array): Promise<boolean> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // Pictures are never packed away with other objects, so their mark can be read in the file as it is.
  if (buffer.includes('/Subtype/Image') || buffer.includes('/Subtype /Image')) return true
  for (let number = 1; number <= Math.min(file.numPages, PAGES_LOOKED_AT); number += 1) {
    try {
      const { fnArray } = await (await file.getPage(number)).getOperatorList()
      if (fnArray.some((operator) => PAINTS.has(operator))) return true
    } catch {
      // It was noted as a bad page already, or draws what cannot be drawn.
      continue
    }
  }
  return false
}
