import { beforeAll, describe, expect, it } from 'vitest'
import { measureProduct, type ProductResult } from '../../bench/resolution/product.ts'
import { SAMPLE } from '../recorded.ts'

describe('the names of the sample, through the product', () => {
  let result: ProductResult
  beforeAll(async () => {
    result = await measureProduct(SAMPLE)
  }, 180_000)

  it('joins what is one thing, and nothing else', () => {
    expect(result.joined).toEqual({
      right: [
        'Dovrelund = Dovrelund Systems',
        'Project Saltmarsh = Saltmarsh',
        'Tresquill = Tresquill Consulting',
        'VP-12 = Vendor policy VP-12',
      ],
      wrong: [],
    })
  })

  it('asks about what may be one thing', () => {
    expect(result.asked).toEqual({
      right: [
        'ADR-007 = single-weekend cutover',
        'Amara = Dr. Amara Okafor',
        'Reconciliation report to Dovrelund = Send Dovrelund the reconciliation report',
        'Vennersby = Vennersby Energy',
        'Zuzana = Zuzana Křížová',
      ],
      wrong: [],
    })
  })

  it('keeps apart what the gold keeps apart', () => {
    expect(result.distinctJoined).toEqual([])
  })

  it('has one node for all forms of a person that are safe', () => {
    expect(result.nodes.get('Dr. Amara Okafor')).toEqual([
      'Dr. Amara Okafor',
      'AO',
      'Amara',
      'Amara Okafor',
      'Dr. Okafor',
    ])
  })
})
