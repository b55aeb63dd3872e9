/** The words and the code of an error and its causes. The packages' errors hold headers and bodies, and secrets there. */
export function cleanCause(error: unknown, redact: (text: string) => string): Error & { readonly code: string } {
  const words: string[] = []
  let code = ''
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    if (link.message !== '' && words.at(-1) !== link.message) words.push(link.message)
    if ('code' in link && typeof link.code === 'string') code = link.code
  }
  if (words.length === 0) words.push(code || String(error))
  const cause = new Error(redact(words.join(': ')).slice(0, 1000))
  cause.stack = `${cause.name}: ${cause.message}`
  return Object.assign(cause, { code: redact(code) })
}

/** An HTTP status that some servers put into the code of an error inside a response (OpenRouter, vLLM). */
export function statusIn(code: unknown): number | null {
  const number = Number(code)
  return Number.isInteger(number) && number >= 400 && number < 600 ? number : null
}
