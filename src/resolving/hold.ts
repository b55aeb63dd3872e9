import type { GraphWriter } from '../store/database.ts'

/**
 * Makes this transaction wait for others that resolve names, and them for it: what each judges bears on what the other
 * does. The node is held, not made.
 */
export async function holdResolution(writer: GraphWriter): Promise<void> {
  await writer.lock('Run', ['resolution'], [])
}
