import { keepHeapSmall } from './keep-heap-small.ts'

// Before the modules are loaded: that alone makes V8 take four times the memory for what lives for a moment.
keepHeapSmall()

export const { runCli } = await import('./program.ts')
