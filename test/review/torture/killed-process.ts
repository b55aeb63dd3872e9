/**
 * A reviewer in a process that is going to be killed: `node killed-process.ts STORE LINKS FROM TO`. Carries out operations of
 * the series on the links that the file LINKS names, one after the other, and says of each that it is done, as the command
 * line says "saved ✓", once the store has said so.
 */
import { readFileSync, writeSync } from 'node:fs'
import { operate, openStore } from './operations.ts'

const [, , address = '', links = '', from = '', to = ''] = process.argv
const linkIds = JSON.parse(readFileSync(links, 'utf8')) as string[]
const store = await openStore(address)
writeSync(1, 'open\n')
for (let index = Number(from); index < Number(to); index++) {
  const { decision } = await operate(store, linkIds, index)
  writeSync(1, `${index} ${decision?.id}\n`)
}
await store.close()
