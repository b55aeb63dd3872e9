/** The public API: what a program needs to ingest, read and review without the command line. */
export { ingest, type IngestOptions, type IngestParts } from './pipeline.ts'
export { IngestTally, type IngestSummary } from './ingest-summary.ts'
export { loadSettings, type Settings } from './settings.ts'
export { createEngine, openStore } from './wiring.ts'
export { decideLink, undoDecision } from './review/decide.ts'
export type { Store } from './store/store.ts'
export type { Engine, EngineEvent, EngineRequest } from './engines/engine.ts'
export * from './model/errors.ts'
