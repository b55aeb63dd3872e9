import type { Command } from 'commander'
import { NotFoundError } from '../../model/errors.ts'
import type { Schema } from '../../model/schema.ts'
import { schemaRemarks } from '../../schema/remarks.ts'
import { readTypeUse, type TypeUse } from '../../schema/use.ts'
import type { Settings } from '../../settings.ts'
import { printableJson } from '../../terminal/printable.ts'
import { renderSchema, type SchemaShown } from '../../terminal/schema-lines.ts'
import { UNUSED } from '../../schema/use.ts'
import { type CommonFlags, type Context, withStore } from '../context.ts'

export function addSchemaShow(schema: Command, context: Context): void {
  schema
    .command('show')
    .summary('the types in force, where they are from, and how much there is of each')
    .description(
      'Example: whygraph schema show --schema schema.yaml\n\nPrints the schema in force, and of each type how many entities and links the store has: in the graph, and held back. Types that are in the store and not in the schema are listed below it.',
    )
    .option('--schema <file>', 'another one than that of the settings')
    .action(async (_: unknown, command: Command) => {
      const flags: CommonFlags = command.optsWithGlobals()
      const settings = context.settings(flags)
      const shown = showSchema(settings.schema, schemaOrigin(settings), await useIn(settings, context))
      context.print(flags.json ? printableJson(shown, 2) : renderSchema(shown, context.width))
    })
}

/** The schema's file and who names it; of none, that it is the built-in one. */
export function schemaOrigin({ values, origins }: Settings): SchemaShown['from'] {
  return values.schema === undefined ? { file: null, by: 'built in' } : { file: values.schema, by: origins.schema }
}

/** Null: there is no store yet. */
async function useIn(settings: Settings, context: Context): Promise<TypeUse | null> {
  try {
    return await withStore(context, settings, (store) => readTypeUse(store.database))
  } catch (error) {
    if (error instanceof NotFoundError && error.code === 'no-store') return null
    throw error
  }
}

function showSchema(schema: Schema, from: SchemaShown['from'], use: TypeUse | null): SchemaShown {
  const { open, outside = {}, entityTypes, linkTypes } = schema
  const named = {
    entities: new Set(entityTypes.map(({ name }) => name)),
    links: new Set(linkTypes.map(({ name }) => name)),
  }
  return {
    version: 1,
    from,
    open,
    outside,
    entityTypes: entityTypes.map((type) => ({
      ...type,
      entities: use === null ? null : (use.entities.get(type.name) ?? 0),
    })),
    linkTypes: linkTypes.map((type) => ({
      ...type,
      links: use === null ? null : (use.links.get(type.name) ?? UNUSED),
    })),
    remarks: schemaRemarks(schema),
    others:
      use === null
        ? null
        : {
            entityTypes: [...use.entities]
              .filter(([type]) => !named.entities.has(type))
              .map(([name, entities]) => ({ name, entities }))
              .toSorted((a, b) => b.entities - a.entities || (a.name < b.name ? -1 : 1)),
            linkTypes: [...use.links]
              .filter(([type, { inGraph, held }]) => !named.links.has(type) && inGraph + held > 0)
              .map(([name, links]) => ({ name, links }))
              .toSorted(
                (a, b) => b.links.inGraph + b.links.held - a.links.inGraph - a.links.held || (a.name < b.name ? -1 : 1),
              ),
          },
  }
}
