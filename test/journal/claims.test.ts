import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { Claims } from '../../src/journal/claims.ts'
import { claimFolder } from '../../src/journal/owner.ts'

const parent = mkdtempSync(join(tmpdir(), 'whygraph-claims-'))
afterAll(() => rmSync(parent, { recursive: true, force: true }))

/** As after a power cut: the names are there, what was written into them is not. */
it('what is claimed by nobody is free', async () => {
  const [one, other] = [claimFolder(parent), claimFolder(parent)]
  const lost = new Claims(parent, 'here', () => one.folder)
  expect(lost.claim('request')).toMatchObject({ how: 'mine' })
  const asking = join(parent, 'asking')
  const [claim = ''] = readdirSync(asking)
  rmSync(join(asking, claim))
  writeFileSync(join(asking, claim), '')

  const claims = new Claims(parent, 'here', () => other.folder)
  const taken = claims.claim('request')
  expect(taken.how).toBe('taken')
  if (taken.how === 'taken') expect(await taken.wait(AbortSignal.timeout(5_000))).toBe('over')
  expect(claims.claim('request').how).toBe('mine')
})

/** A disk that is full takes the name, and nothing into it. */
it('no claim is linked to a file that never got its words', () => {
  const own = claimFolder(parent)
  mkdirSync(join(own.folder, 'owner.new'))
  const claims = new Claims(parent, 'here', () => own.folder)
  expect(() => claims.claim('other request')).toThrow('EISDIR')
  expect(() => linkSync(join(own.folder, 'owner'), join(parent, 'never'))).toThrow('ENOENT')
})
