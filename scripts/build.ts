import { execFileSync } from 'node:child_process'
import { chmodSync, rmSync } from 'node:fs'

/** Compiles src and ingest into dist, afresh: what was removed must not be published. */
rmSync('dist', { recursive: true, force: true })
execFileSync('npx', ['tsc', '-p', 'tsconfig.build.json'], { stdio: 'inherit' })
chmodSync('dist/src/cli.js', 0o755)
