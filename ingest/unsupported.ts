/** What is read, whatever its content turns out to be. */
const READ = new Set(
  'vtt webvtt srt html htm xhtml md markdown mdown mkd txt text csv tsv tab json jsonl ndjson yaml yml pdf docx docm dotx doc odt rtf pptx pptm ppsx xlsx xlsm xls ods epub eml mbox msg parquet zip'.split(
    ' ',
  ),
)

/** Why a known kind of file is not read, in words for the person whose file is left out. */
const REASONS: readonly (readonly [extensions: string, reason: string, hint: string])[] = [
  ['toml xml ini', 'structured data of this kind is not read', 'Put what it says into JSON, YAML or Markdown.'],
  ['pages ppt odp key numbers', 'this office format is not read', 'Save it as .docx, .pptx, .xlsx or PDF.'],
  [
    'png jpg jpeg gif webp svg bmp tif tiff heic ico',
    'images hold no text to read',
    'Describe it in a text file beside it.',
  ],
  ['mp3 mp4 m4a wav ogg webm mov avi mkv flac', 'recordings are not read', 'Give their transcript as .vtt or .txt.'],
  ['gz tgz tar 7z rar bz2 xz zst', 'archives of this kind are not opened', 'Unpack it and give the folder.'],
]

/** Null where files of this extension are read; files without one are. */
export function unsupportedReason(extension: string): { reason: string; hint: string } | null {
  if (extension === '' || READ.has(extension)) return null
  const known = REASONS.find(([extensions]) => extensions.split(' ').includes(extension))
  if (known) return { reason: known[1], hint: known[2] }
  return { reason: `.${extension} files are not read`, hint: 'Rename it to .txt if it is plain text.' }
}
