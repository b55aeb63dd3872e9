import { expect, it } from 'vitest'
import { resolveAcrossDocuments, resolveNames } from '../../src/resolving/resolve-names.ts'
import { markProperties } from '../../src/store/marks.ts'
import { ingestTexts } from '../ingest-texts.ts'
import { eachStoreAtLength } from '../stores.ts'
import { namingEngine } from './naming-engine.ts'
import { wholeGraph } from './whole-graph.ts'

const LETTERS = [...'bcdfghjklmnprstvwxyz']
const NAMES = ['Okafor', 'Lindqvist', 'Marchetti'].flatMap((surname) =>
  LETTERS.flatMap((letter) => [
    `${letter.toUpperCase()}ernard ${surname}`,
    `${letter.toUpperCase()}eatrice ${surname}`,
  ]),
)

eachStoreAtLength('resolving names that is interrupted', (open) => {
  it('gives up what it is judging, and the next does it', { timeout: 120_000 }, async () => {
    const { store } = await open()
    await ingestTexts(store, namingEngine({ Person: NAMES }), {
      'a.md': NAMES.map((name) => `${name} was here.`).join('\n\n'),
    })
    const whole = await wholeGraph(store)
    const [document] = await store.documentsAt('a.md')
    const id = document?.id ?? ''
    const entities = await store.database.read((reader) => reader.list('Entity'))
    const gained = entities.map((entity) => entity.id)
    const mark = markProperties({ gained, lost: [] })
    await store.database.write((writer) => writer.patchNodes('Document', [{ id, properties: mark }]))
    const marked = await wholeGraph(store)
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 1)
    await resolveAcrossDocuments(store, [id], stop.signal)
    expect(stop.signal.aborted).toBe(true)
    expect(await wholeGraph(store)).toEqual(marked)
    await resolveNames(store, new AbortController().signal)
    expect(await wholeGraph(store)).toEqual(whole)
  })
})
