/**
 * Countries, each with its other names and the words for its people that no ending tells, from general knowledge.
 * Regular ones (`Iran`, `Iranian`) need no entry: `stemOf` in `stem.ts` tells them.
 */
const TABLE = `
united states = united states of america = usa = us = america: american, americans; england: english
united kingdom = uk = britain = great britain: british, briton, britons; france: french; germany: german, germans
soviet union = ussr = union of soviet socialist republics: soviet, soviets; spain: spanish, spaniard, spaniards
netherlands = holland: dutch; china = people's republic of china = prc: chinese; ireland: irish, irishmen
scotland: scottish, scots; wales: welsh; poland: polish, pole, poles; denmark: danish, dane, danes
sweden: swedish, swede, swedes; finland: finnish, finn, finns; turkey: turkish, turk, turks
greece: greek, greeks; switzerland: swiss; portugal: portuguese; philippines: filipino, filipinos, philippine
thailand: thai, thais; czech republic = czechia: czech, czechs; norway: norwegian, norwegians; iceland: icelandic
new zealand: new zealander; argentina: argentine, argentinian; peru: peruvian; afghanistan: afghan, afghans
uzbekistan: uzbek; kazakhstan: kazakh; tajikistan: tajik; kyrgyzstan: kyrgyz; turkmenistan: turkmen
croatia: croat, croatian; serbia: serb, serbian; slovakia: slovak; slovenia: slovene, slovenian
ukraine: ukrainian; belgium: belgian; lebanon: lebanese; cyprus: cypriot; monaco: monegasque
madagascar: malagasy; european union = eu: ; united arab emirates = uae: emirati; saudi arabia: saudi
yugoslavia: yugoslav; east germany = gdr: ; west germany = frg: `

interface Meaning {
  readonly country: string
  readonly isName: boolean
}

const meanings = readTable()

function readTable(): ReadonlyMap<string, Meaning> {
  const table = new Map<string, Meaning>()
  for (const entry of TABLE.trim().split(/[;\n]/)) {
    const [names = '', people = ''] = entry.trim().replaceAll("'s", '').split(/: ?/)
    const [country = '', ...others] = names.split(' = ')
    for (const name of [country, ...others]) table.set(name, { country, isName: true })
    for (const word of people.split(', ')) if (word !== '') table.set(word, { country, isName: false })
  }
  return table
}

/** The country that a name or the word for its people stands for, from tokens in small letters; null where unknown. */
export function countryOf(tokens: readonly string[]): string | null {
  return meanings.get(tokens.join(' '))?.country ?? null
}

export function isCountryName(tokens: readonly string[]): boolean {
  return meanings.get(tokens.join(' '))?.isName === true
}
