import type { Database } from '../../src/store/database.ts'

/** A database with some methods in place of its own. */
export function withMethods(database: Database, methods: Partial<Database>): Database {
  return {
    groupSize: database.groupSize,
    info: () => database.info(),
    prepare: (types) => database.prepare(types),
    read: (work) => database.read(work),
    write: (work) => database.write(work),
    scrub: () => database.scrub(),
    checkFiles: (signal) => database.checkFiles(signal),
    query: (text, parameters, limits) => database.query(text, parameters, limits),
    close: () => database.close(),
    ...methods,
  }
}
