/** How a file's name ends, in small letters without the dot: `csv`. Empty where it does not, as in `.env`. */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return /[^.]\.([^.\s]{1,16})$/.exec(name)?.[1]?.toLowerCase() ?? ''
}
