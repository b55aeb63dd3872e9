import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { linkId } from '../src/model/link.ts'
import { graphAlone } from './graph-alone.ts'
import { ingestTexts } from './ingest-texts.ts'
import { runHere } from './run-here.ts'
import { actorId, answerWith, scriptedEngine } from './scripted-engine.ts'
import { eachStoreAtLength } from './stores.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whygraph-again-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Says of whatever has both names in one unit that the one leads the other. */
const leading = () =>
  scriptedEngine(({ question }) =>
    answerWith(
      question.units.flatMap(({ s, text }) =>
        /Ana.*Kestrel/.test(text) ? [{ subject: 'Ana', type: 'LEADS', object: 'Kestrel', quote: text, s }] : [],
      ),
    ),
  )

eachStoreAtLength('a link that was rejected', (open) => {
  it('waits again once it is said in other words, and says so', { timeout: 240_000 }, async () => {
    const { store, address, environment } = await open()
    const review = (...args: string[]) =>
      runHere(['review', ...args, '--store', address], {
        cwd: folder,
        environment: { ...environment, WHYGRAPH_REVIEWER: 'rita' },
      })
    const id = linkId(actorId('Ana'), 'LEADS', actorId('Kestrel'))
    const texts = { 'a.md': 'Ana leads Kestrel.\n' }
    await ingestTexts(store, leading(), texts)
    expect(await review('reject', id)).toMatchObject({ code: 0 })
    // The same words, in another document and amid others.
    await ingestTexts(store, leading(), {
      ...texts,
      'b.md': 'Ana leads Kestrel.\n',
      'a.md': 'Ana leads Kestrel.\n\nSo be it.\n',
    })
    expect(await store.link(id)).toMatchObject({ status: 'rejected', supports: 2 })
    await ingestTexts(store, leading(), { 'c.md': 'Since May Ana runs Kestrel.\n' })
    expect(await store.link(id)).toMatchObject({ status: 'held', saidAgain: true, obstacles: ['rejected'] })
    expect((await review('list')).stdout).toMatch(/ rejected, said again {2}Ana ──LEADS──▶ Kestrel/)
    expect((await review('show', id)).stdout).toContain('rita rejected it, and other words say it since')
    expect(await graphAlone(store)).not.toContain('LEADS')
    expect((await runHere(['doctor', '--deep', '--store', address], { cwd: folder, environment })).code).toBe(0)
    expect(await review('reject', id)).toMatchObject({ code: 0 })
    expect(await store.link(id)).toMatchObject({ status: 'rejected' })
    expect((await store.link(id))?.saidAgain).toBeUndefined()
    await review('undo', id)
    expect(await store.link(id)).toMatchObject({ status: 'held' })
    expect(await review('accept', id)).toMatchObject({ code: 0 })
    expect(await store.link(id)).toMatchObject({ status: 'accepted', supports: 3 })
    expect((await review('log', '--verify')).stdout).toContain(' 0 problems')
  })
})
