/** File names that say nothing without their folder. */
const GENERIC =
  /^(?:transcript|chat|notes?|minutes|meeting|index|readme|captions?|subtitles?|summary|agenda)(?:[-_ ].*)?$/i

/** The last resort for a title: the file's name, with its folder where the name alone says nothing. */
export function titleFromPath(path: string): string {
  const names = path.split('/').filter((name) => name !== '' && name !== '.' && name !== '..')
  const stem = (names.at(-1) ?? path).replace(/(?<=.)\.[^.]+$/, '')
  const folder = names.at(-2)
  return folder !== undefined && GENERIC.test(stem) ? `${folder} ${stem}` : stem
}
