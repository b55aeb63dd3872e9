import { expect, it } from 'vitest'
import { z } from 'zod'
import type { Reply } from '../../src/model/reply.ts'
import { key, keyedItems } from '../../src/reading/keyed-items.ts'

const SAID = '{"links":[{"link":"[L3]"},{"link":"L12"}]}'

it.each([
  [SAID, ['L3', 'L12']],
  [SAID.slice(0, SAID.indexOf('2"')), ['L3']],
  [SAID.slice(0, -2), ['L3', 'L12']],
  ['{"links":"L3"}', null],
])('items of %s', (content, links) => {
  const items = keyedItems({ content } as Reply, z.object({ link: key }))
  expect(items?.map(({ item }) => item.link) ?? null).toEqual(links)
})
