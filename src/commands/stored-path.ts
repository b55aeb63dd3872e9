import { relative, resolve, sep } from 'node:path'
import type { Settings } from '../settings.ts'
import type { Context } from './context.ts'

/** The paths under which the store may know a document that a person names: as given, and counted from the settings' folder. */
export function storedPaths(given: string, { base }: Pick<Settings, 'base'>, { cwd }: Pick<Context, 'cwd'>): string[] {
  const plain = given.replace(/^\.\//, '').replace(/\/+$/, '')
  const fromBase = relative(base, resolve(cwd, given)).split(sep).join('/')
  return [...new Set([given, plain, fromBase])]
}
