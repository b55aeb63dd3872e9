import type { Command } from 'commander'
import type { Context } from './context.ts'
import { addSchemaCheck } from './schema/check.ts'
import { addSchemaShow } from './schema/show.ts'
import { addSchemaSuggest } from './schema/suggest.ts'

/** `schema` and the commands below it. */
export function addSchema(program: Command, context: Context): void {
  const schema = program
    .command('schema')
    .summary('the schema in force: show it, hold the graph against it, have one suggested')
    .description('Example: whygraph schema suggest minutes/ --out schema.yaml, then whygraph schema check')
  addSchemaShow(schema, context)
  addSchemaCheck(schema, context)
  addSchemaSuggest(schema, context)
}
