import type { FileReader } from '../reading.ts'

export const rtfReader: FileReader = {
  name: 'rtf',
  extensions: ['rtf'],
  read: () => {
    throw new Error('not built yet')
  },
}
