/** “1 chunk”, “2 chunks”, “3 replies”. */
export function counted(count: number, what: string, many = `${what}s`): string {
  return `${count} ${count === 1 ? what : many}`
}
