import type { Database, GraphWriter } from './database.ts'

/** Does what `work` does, returns what it returns, and gives it all back: the database is what it was. */
export async function tryOut<T>(database: Database, work: (writer: GraphWriter) => Promise<T>): Promise<T> {
  const enough = new Error('This was a trial.')
  let tried: { readonly result: T } | undefined
  try {
    await database.write(async (writer) => {
      tried = { result: await work(writer) }
      throw enough
    })
  } catch (error) {
    if (error !== enough) throw error
  }
  if (tried === undefined) throw enough
  return tried.result
}

/** The same database as seen from inside a transaction: what is read and written there is read and written in it. */
export function inside(database: Database, writer: GraphWriter): Database {
  return {
    groupSize: database.groupSize,
    info: () => database.info(),
    // Indexes are no part of a transaction, and what is given back needs none.
    prepare: async () => {},
    read: (work) => work(writer),
    write: (work) => work(writer),
    query: (...asked) => database.query(...asked),
    scrub: () => database.scrub(),
    checkFiles: (signal) => database.checkFiles(signal),
    close: async () => {},
  }
}
