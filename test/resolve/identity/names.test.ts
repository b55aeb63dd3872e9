import { describe, expect, it } from 'vitest'
import { countryOf } from '../../../src/resolve/identity/demonyms.ts'
import { keysOf } from '../../../src/resolve/identity/keys.ts'
import { kindOf } from '../../../src/model/kind.ts'
import { readName } from '../../../src/resolve/identity/name-forms.ts'
import { readPersonName, sameGiven, samePerson } from '../../../src/resolve/identity/person-name.ts'
import { areLikeWords, isOneSlip } from '../../../src/resolve/identity/spelling.ts'
import { shareStem } from '../../../src/resolve/identity/stem.ts'

describe('kinds', () => {
  it.each([
    ['Person', 'person'],
    ['BusinessUnit', 'other'],
    ['ORG', 'organisation'],
    ['SupplierCompany', 'organisation'],
    ['GPE', 'place'],
    ['birth_date', 'measure'],
    ['System', 'other'],
  ])('%s is a %s', (type, kind) => expect(kindOf(type)).toBe(kind))
})

describe('a name taken apart', () => {
  it('drops article, possessive and legal form', () => {
    expect(readName('The Dovrelund Systems GmbH', 'Organization')).toMatchObject({
      tokens: ['dovrelund', 'systems'],
      letters: 'dovrelundsystems',
      legalForm: 'gmbh',
    })
    expect(readName('Bangladesh’s', 'Place').letters).toBe('bangladesh')
  })

  it('keeps what is a part of the name elsewhere', () => {
    expect(readName('El Salvador', 'Place').letters).toBe('elsalvador')
    expect(readName('Tablet SE', 'Product').legalForm).toBeNull()
  })

  it('keeps the article of a person, and a word that is no legal form at the end', () => {
    expect(readName('La Fontaine', 'Person').tokens).toEqual(['la', 'fontaine'])
    expect(readName('Company', 'Organization').legalForm).toBeNull()
  })

  it('tells acronyms from words in capitals and small letters', () => {
    expect(readName('U.S.', 'Place').acronym).toBe('us')
    expect(readName('TF-104', 'Organization').acronym).toBe('tf104')
    expect(readName('Brass', 'System').acronym).toBeNull()
    expect(readName('Billing, Rating and Settlement System', 'System').acronyms).toContain('brss')
    expect(readName('Association to Advance Collegiate Schools of Business', 'ORG').acronyms).toContain('aacsb')
    expect(readName('Grand Wing Servo-Tech Co., Ltd.', 'ORG').acronyms).toContain('gws')
  })

  it('reads numbers in digits, words and Roman numerals', () => {
    expect(readName('VP-12', 'Policy').numbers).toEqual(['12'])
    expect(readName('Second Philippine Commission', 'ORG').numbers).toEqual(['2'])
    expect(readName('World War II', 'Event').numbers).toEqual(['2'])
    expect(readName('I Robot', 'Work').numbers).toEqual([])
  })

  it('knows countries by their people', () => {
    expect(countryOf(['american'])).toBe('united states')
    expect(countryOf(['us'])).toBe('united states')
    expect(countryOf(['vennersby'])).toBeNull()
  })
})

describe('people', () => {
  it.each([
    ['amara okafor', { given: 'amara', middle: [], surname: 'okafor', isFull: true }],
    ['okafor, amara', { given: 'amara', surname: 'okafor' }],
    ['dr. amara n. okafor', { given: 'amara', middle: ['n'], surname: 'okafor' }],
    ['zack de la rocha', { given: 'zack', surname: 'de la rocha' }],
    ['paul desmarais jr.', { given: 'paul', surname: 'desmarais', generation: 'jr' }],
    ['desmarais, jr.', { given: null, surname: 'desmarais', generation: 'jr' }],
    ['leopold i', { given: null, surname: 'leopold', generation: 'i' }],
    ['wilfried "willi" schneider', { given: 'wilfried', surname: 'schneider', nickname: 'willi' }],
    ['n. c. wyeth', { given: 'n', middle: ['c'], surname: 'wyeth', isFull: false }],
    ['jonas', { given: null, surname: 'jonas', isFull: false }],
  ])('%s', (name, parts) => expect(readPersonName(name)).toMatchObject(parts))

  it('has no parts where there are no letters', () => expect(readPersonName('— 🎉 —')).toBeNull())

  it('compares given names', () => {
    expect(sameGiven('bob', 'robert')).toBe('nickname')
    expect(sameGiven('hans', 'johannes')).toBe('nickname')
    expect(sameGiven('paco', 'francisco')).toBe('nickname')
    expect(sameGiven('r', 'robert')).toBe('initial')
    expect(sameGiven('rita', 'robert')).toBeNull()
  })

  it('compares full names with their middle ones', () => {
    const read = (name: string) => readPersonName(name) as NonNullable<ReturnType<typeof readPersonName>>
    expect(samePerson(read('henrik angell'), read('henrik august angell'))).toBe('same')
    expect(samePerson(read('newell convers wyeth'), read('n. c. wyeth'))).toBe('initial')
    expect(samePerson(read('john quincy adams'), read('john henry adams'))).toBeNull()
    expect(samePerson(read('jonas vettergren'), read('jonas brandao'))).toBeNull()
  })
})

describe('spelling', () => {
  it.each([
    ['tobolsk', 'tobolesk', true],
    ['erigon', 'erigno', true],
    ['erigon', 'erigon', false],
    ['geth', 'beth', false],
    ['vennersby', 'vonnersba', false],
  ])('%s and %s: one slip is %s', (a, b, is) => expect(isOneSlip(a, b)).toBe(is))

  it.each([
    ['romania', 'romanian', true],
    ['taiwan', 'taiwanese', true],
    ['sicily', 'sicilian', true],
    ['surah', 'surahs', true],
    ['iran', 'iraq', false],
    ['oman', 'omit', false],
  ])('%s and %s: one stem is %s', (a, b, is) => expect(shareStem(a, b)).toBe(is))

  it('finds the words of one name in another', () => {
    expect(areLikeWords(['iowa', 'telecom'], ['iowa', 'telecommunications', 'services'])).toBe(true)
    expect(areLikeWords(['iowa', 'railways'], ['iowa', 'telecommunications', 'services'])).toBe(false)
    expect(areLikeWords(['the', 'of'], ['bank', 'of'])).toBe(false)
  })
})

describe('keys', () => {
  const share = (a: string, b: string, type: string): boolean => {
    const keys = keysOf(readName(a, type))
    return keysOf(readName(b, type)).some((key) => keys.includes(key))
  }

  it.each([
    ['Brinetally', 'Brine Tally', 'System'],
    ['Okafor', 'Amara Okafor', 'Person'],
    ['Bob Smith', 'Robert Smith', 'Person'],
    ['R. Smith', 'Robert Smith', 'Person'],
    ['AO', 'Amara Okafor', 'Person'],
    ['UCLH', 'University College London Hospitals NHS Foundation Trust', 'ORG'],
    ['Tobolesk', 'Tobolsk', 'Place'],
    ['Romania', 'Romanian', 'Place'],
    ['USA', 'America', 'Place'],
  ])('%s and %s share one', (a, b, type) => expect(share(a, b, type)).toBe(true))

  it('differ by type, and for names that have nothing in common', () => {
    expect(share('Okafor', 'Priya Velumani', 'Person')).toBe(false)
    expect(keysOf(readName('Mercury', 'System'))).not.toContain(keysOf(readName('Mercury', 'Place'))[0])
  })

  it('are few, whatever the name', () => {
    expect(keysOf(readName('one two three '.repeat(10_000), 'ORG')).length).toBeLessThan(3)
    expect(
      keysOf(readName('Very Long Name Of An Organisation With Many Many Different Words', 'ORG')).length,
    ).toBeLessThan(90)
  })
})
