/** Why a known kind of file is not read, in words for the person whose file is left out. */
const REASONS: readonly (readonly [extensions: string, reason: string, hint: string])[] = [
  [
    'csv tsv tab xlsx xls xlsm ods parquet',
    'tables are not read yet',
    'Put what it says into a text or Markdown file.',
  ],
  [
    'json jsonl ndjson yaml yml toml xml ini',
    'structured data is not read yet',
    'Put what it says into a text or Markdown file.',
  ],
  ['pdf', 'PDF files are not read yet', 'Save its text as .txt or .md.'],
  ['docx doc odt rtf pages', 'word processor files are not read yet', 'Save it as HTML, Markdown or text.'],
  ['pptx ppt odp key', 'slides are not read yet', 'Save their text as .txt or .md.'],
  ['eml msg mbox', 'mail is not read yet', 'Save the message as text.'],
  ['epub', 'e-books are not read yet', 'Save it as HTML or text.'],
  [
    'png jpg jpeg gif webp svg bmp tif tiff heic ico',
    'images hold no text to read',
    'Describe it in a text file beside it.',
  ],
  ['mp3 mp4 m4a wav ogg webm mov avi mkv flac', 'recordings are not read', 'Give their transcript as .vtt or .txt.'],
  ['zip gz tgz tar 7z rar bz2 xz zst', 'archives are not opened', 'Unpack it and give the folder.'],
]

export function unsupportedReason(extension: string): { reason: string; hint: string } {
  const known = REASONS.find(([extensions]) => extensions.split(' ').includes(extension))
  if (known) return { reason: known[1], hint: known[2] }
  return { reason: `.${extension} files are not read`, hint: 'Rename it to .txt if it is plain text.' }
}
