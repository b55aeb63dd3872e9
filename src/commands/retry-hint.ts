/** What to do about chunks that failed, wherever they are listed. */
export const RETRY_HINT =
  "'whygraph ingest --retry failed' asks again about the chunks that failed, and about nothing else; with --job FILE as the job asks"
