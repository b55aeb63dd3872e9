import { counted } from '../model/counted.ts'
import type { Waiting } from '../store/waiting.ts'

/** What is still to be worked out of what was read; empty where nothing is. */
export function waitingText({ names, conflicts }: Waiting): string {
  return [
    names > 0 ? `names of ${counted(names, 'document')}` : '',
    conflicts > 0 ? `${counted(conflicts, 'link')} to be held against others` : '',
  ]
    .filter(Boolean)
    .join(', ')
}
