import type { SettingValues } from '../settings.ts'

/** What to do about chunks that failed, wherever they are listed, with the engine that would be asked again. */
export function retryHint(engine: SettingValues['engine']): string {
  // It would say the same once more.
  if (engine === 'replay')
    return "nothing is recorded that answers them: 'whygraph ingest --retry failed --engine chat --model NAME' asks a model about them; or add recordings to the folder of --replies, and ingest again"
  return "'whygraph ingest --retry failed' asks again about the chunks that failed, and about nothing else; with --job FILE as the job asks"
}
