import { statSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { fileOfPackage, findPackage, packageNameOf } from '../../src/find-package.ts'
import { UsageError } from '../../src/model/errors.ts'

/** What an error is about. */
export interface LoaderName {
  /** Name of the source in the job. */
  readonly source: string
  readonly specifier: string
  /** Folder of the job file. */
  readonly folder: string
}

/**
 * The file of a module, as an address: a path from the job file's folder, or a package, looked for from there and then
 * from whygraph's own folder.
 *
 * @throws UsageError `missing-module` or `missing-package`
 */
export function findModule(name: LoaderName): string {
  const { specifier, folder } = name
  if (/^\.{1,2}(?:[\\/]|$)/.test(specifier) || isAbsolute(specifier) || specifier.startsWith('file:')) {
    const path = resolve(folder, specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier)
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) return pathToFileURL(path).href
    throw new UsageError('missing-module', `source ${name.source}: there is no loader ${path}`, {
      hint: 'The path of a loader is relative to the job file.',
      place: path,
    })
  }
  const packageName = packageNameOf(specifier)
  if (packageName === null || isBuiltin(specifier))
    throw new UsageError('missing-module', `source ${name.source}: ${specifier} is no loader`, {
      hint: 'Name a module of a package, or write ./my-loader.mjs for one beside the job file.',
    })
  const found = findPackage(packageName, join(folder, 'job.js')) ?? findPackage(packageName, import.meta.filename)
  if (found === null) throw missingPackage(name, packageName)
  const path = fileOfPackage(found, `.${specifier.slice(packageName.length)}`)
  if (path !== null) return pathToFileURL(path).href
  throw new UsageError(
    'missing-module',
    `source ${name.source}: the package ${packageName} has no module ${specifier}`,
    {
      hint: `It was looked for in ${found}. Is the name right, and the package's version?`,
    },
  )
}

export function missingPackage({ source, specifier, folder }: LoaderName, packageName: string): UsageError {
  const others = packageName === '@langchain/community' ? ' @langchain/core' : ''
  return new UsageError(
    'missing-package',
    `source ${source}: the loader ${specifier} needs the package ${packageName}, which is not installed: npm install ${packageName}${others}`,
    { hint: `Run that in the job file's folder (${folder}), or where whygraph itself is installed.` },
  )
}
