import { FileJournal } from '../../src/journal/file-journal.ts'
import { HEAD, WHOLE } from './words.ts'

/** A process that receives three replies and is to be killed: one came to its end, one did not, one did not begin. */
const [folder = ''] = process.argv.slice(2)
const journal = new FileJournal(folder, 'here', () => {})
const [whole, cut] = ['whole', 'cut', 'silent'].map((chunkId) => journal.begin({ ...HEAD, chunkId }))
for (const event of WHOLE) whole?.note(event)
for (const event of WHOLE.slice(0, 2)) cut?.note(event)
setTimeout(() => process.stdout.write('ready'), 100)
setInterval(() => {}, 1000)
