import type { ReadChunk, ReadUnit } from './chunk.ts'
import { addFirstPerson } from './links.ts'
import type { Found } from './links.ts'
import { readRole } from './lists.ts'
import { findMentions } from './mentions.ts'
import { readSurroundings } from './polarity.ts'
import { quoteAround } from './sentences.ts'

const ROLE_WORDS =
  /\b(?:officer|chair|president|director|head|lead|manager|secretary|treasurer|sponsor|architect|engineer|developer|researcher|maintainer|coordinator|liaison|analyst|consultant|editor|counsel|scientist|professor|ceo|cto|coo|cfo)\b/iu
const SPONSOR = /^(?: is|'s|'m| am)(?: still| now)? the (?:project's )?sponsor\b/u

/** "Zuzana Křížová, finance director, …": the person has the role. */
export function matchRoles(chunk: ReadChunk, read: ReadUnit): Found {
  const found: Found = { matches: [], declined: [] }
  if (read.unit.kind === 'heading' || read.unit.kind === 'row' || read.instruction !== null) return found
  for (const sentence of read.sentences) {
    if (!ROLE_WORDS.test(read.text.slice(sentence.start, sentence.end))) continue
    const mentions = addFirstPerson(chunk, read, sentence, findMentions(read.text, sentence, chunk.clues))
    for (const mention of mentions) {
      if (mention.kind !== 'Person' || mention.possessive) continue
      const after = read.text.slice(mention.end, Math.min(sentence.end, mention.end + 120))
      const person = { name: mention.name, kind: 'Person' as const, aliases: mention.aliases }
      const project = chunk.clues.topics.get('project')
      const tail = after.replace(/’/g, "'").replace(/^, [^,]{2,50},/, '')
      const sponsor = SPONSOR.exec(tail)
      const role = readRole(after)
      const surroundings = readSurroundings(
        read.text.slice(Math.max(sentence.start, mention.start - 120), mention.start),
        read.text.slice(mention.end, sentence.end),
      )
      const base = {
        s: read.unit.s,
        subject: person,
        support: 'stated' as const,
        polarity: surroundings.polarity,
        sign: surroundings.sign,
        when: null,
      }
      if (sponsor !== null && project !== undefined) {
        const quote = quoteAround(
          read.unit.text,
          sentence,
          mention.start,
          mention.end + after.length - tail.length + sponsor[0].length,
        )
        if (quote !== null) {
          const object = { ...project, aliases: [] }
          const because = 'as the sponsor named is that of the project that the page is about'
          found.matches.push({
            ...base,
            rule: 'is-the-sponsor',
            type: 'SPONSORS',
            object,
            matched: sponsor[0].trim(),
            evidence: [{ s: read.unit.s, quote }],
            confidence: 0.7,
            because,
          })
        }
      }
      if (role === null) continue
      const quote = quoteAround(read.unit.text, sentence, mention.start, mention.end + role.length)
      if (quote === null) continue
      const object = { name: role.role, kind: 'Role' as const, aliases: [] }
      const because = 'as the words after the name of the person are a role'
      found.matches.push({
        ...base,
        rule: 'has-role',
        type: 'HAS_ROLE',
        object,
        matched: role.matched,
        evidence: [{ s: read.unit.s, quote }],
        confidence: 0.75,
        because,
      })
    }
  }
  return found
}

/** "We at Besu …", said by "Justin Florentine (Besu)": label and words agree on where the speaker belongs. */
export function matchSpeaker(chunk: ReadChunk, read: ReadUnit): Found {
  const found: Found = { matches: [], declined: [] }
  const speaker = chunk.cast.speaker(read.unit)
  if (speaker === null || speaker.affiliation === null || read.instruction !== null) return found
  const written = speaker.affiliation
  for (const sentence of read.sentences) {
    const text = read.text.slice(sentence.start, sentence.end)
    const at = text.toLowerCase().indexOf(written.toLowerCase())
    if (at < 0) continue
    const own = new RegExp(
      `\\b(?:(?:from|for|at)(?: the)?|we(?:'re| are)?(?: at| in)?|our|I(?:'m| am)(?: \\w+)? (?:from|with|at))$`,
      'iu',
    )
    const lead = text.slice(Math.max(0, at - 30), at).trimEnd()
    if (!own.test(lead) || /[\p{L}\p{N}]/u.test(text.charAt(at + written.length))) continue
    const quote = quoteAround(read.unit.text, sentence, sentence.start + at, sentence.start + at + written.length)
    if (quote === null) continue
    found.matches.push({
      rule: 'speaker-label',
      s: read.unit.s,
      type: 'WORKS_FOR',
      subject: { name: speaker.name, kind: 'Person', aliases: [...speaker.aliases] },
      object: { name: text.slice(at, at + written.length), kind: 'Organization', aliases: [] },
      matched: text.slice(Math.max(0, at - 10), at + written.length).trim(),
      evidence: [{ s: read.unit.s, quote }],
      support: 'inferred',
      polarity: 'asserted',
      sign: '',
      when: null,
      confidence: 0.65,
      because: `as the transcript writes the speaker with "${written}" and the speaker talks for it`,
    })
    break
  }
  return found
}

/** Three or four digits: what a transcript mishears ("EIP 79 or 6", "EIP761.0") mostly has fewer or more. */
const CODE_SPOKEN = /\b(?:(?:EIP|KEP|ADR|RFC|PEP|RIP)[- ]?\d{3,4}|ERC[- ]?\d{2,4})\b(?!\.\d)/gu

/** A speaker who names a numbered proposal talks about it: little, but often all that a transcript gives. */
export function matchSpokenCodes(chunk: ReadChunk, read: ReadUnit): Found {
  const found: Found = { matches: [], declined: [] }
  const speaker = chunk.cast.speaker(read.unit)
  if (speaker === null || read.instruction !== null) return found
  for (const sentence of read.sentences) {
    const text = read.text.slice(sentence.start, sentence.end)
    if (text.length > 600) continue
    for (const match of text.matchAll(CODE_SPOKEN)) {
      const start = sentence.start + match.index
      const quote = quoteAround(read.unit.text, sentence, start, start + match[0].length)
      if (quote === null || quote.split(/\s+/).length < 5) continue
      found.matches.push({
        rule: 'speaks-of',
        s: read.unit.s,
        type: 'DISCUSSED',
        subject: { name: speaker.name, kind: 'Person', aliases: [...speaker.aliases] },
        object: { name: match[0].replace(/^([A-Z]+)[- ]?(\d)/, '$1-$2'), kind: 'Concept', aliases: [match[0]] },
        matched: match[0],
        evidence: [{ s: read.unit.s, quote }],
        support: 'stated',
        polarity: 'asserted',
        sign: '',
        when: null,
        confidence: 0.55,
        because: 'as the speaker names the numbered proposal',
      })
    }
  }
  return found
}
