import nodeModule from 'node:module'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Keeps what Node compiles of our modules for the next command, in the user's own cache: in a folder that others may write
 * to, they could put code into it. NODE_COMPILE_CACHE names another one, NODE_DISABLE_COMPILE_CACHE=1 does without; where
 * it cannot be written, nothing is kept.
 */
export function keepCompiled(): void {
  const caches = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  // Older versions of Node do not have it.
  nodeModule.enableCompileCache?.(join(caches, 'whygraph', 'compiled'))
}
