import { killRound, startTimedServer, type KillRound } from '../../test/kill-rounds.ts'

/**
 * Kills an ingest at many moments after the last byte of a reply has left the server, and counts the replies that the
 * next run asks for again: with the journal, and in the same run without it.
 * npm run bench:kill -- [LONGEST_DELAY_MS] [STEP_MS] [PIECES_A_REPLY] [MS_BETWEEN_PIECES]
 */
const [longest = 300, step = 10, pieces = 200, pause = 2] = process.argv.slice(2).map(Number)
const DOCUMENTS = 12
const server = await startTimedServer(pieces, pause)

for (const withoutJournal of [false, true]) {
  const rounds: KillRound[] = []
  for (let delay = 0; delay <= longest; delay += step) {
    const after = 1 + (rounds.length % (DOCUMENTS - 4))
    rounds.push(await killRound(server, { documents: DOCUMENTS, concurrency: 4, after, delay, withoutJournal }))
  }
  const delivered = rounds.flatMap((round) => round.delivered)
  const lost = rounds.flatMap((round) => round.lost).toSorted((a, b) => a - b)
  const wrong = rounds.filter(
    ({ supports, kept, askedAgain }) =>
      supports.length !== DOCUMENTS || supports.some((one) => one !== 1) || askedAgain !== DOCUMENTS - kept,
  )
  const older = (than: number): string =>
    `${lost.filter((age) => age >= than).length} of ${delivered.filter((age) => age >= than).length}`
  const name = withoutJournal ? 'without journal' : 'with journal'
  process.stdout.write(
    `${name}: ${rounds.length} kills, ${delivered.length} replies had left the server; asked again: ${older(0)}` +
      `; of those ≥ 1 ms before the kill ${older(1)}, ≥ 5 ms ${older(5)}, ≥ 20 ms ${older(20)}` +
      `; oldest that was lost ${lost.at(-1)?.toFixed(1) ?? '-'} ms; rounds with a wrong graph or a kept reply asked for again: ${wrong.length}\n`,
  )
}
server.close()
