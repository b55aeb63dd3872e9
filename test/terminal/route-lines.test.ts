import { expect, it } from 'vitest'
import { routeLines } from '../../src/terminal/route-lines.ts'

it('shows no name of an engine as it may act on a terminal', () => {
  const engine = 'large\u001b[2J'
  const said = routeLines({
    decisions: [{ engines: [engine], rule: 'default', chunks: 1 }],
    kept: { [engine]: 1 },
    sentOn: [{ engine, most: 1 }],
  })
  expect(said).toHaveLength(3)
  for (const line of said) expect(line).toMatch(/large(?!.*\u001b)/)
})
