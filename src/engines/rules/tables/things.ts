import type { End, Kind, LinkRule } from '../rule.ts'

const OWNER: End = { kinds: ['Person', 'Organization'] }
const OWNED: End = { kinds: ['System', 'Project', 'Policy', 'Contract', 'Concept'], assume: 'System' }
const MEMBER: readonly Kind[] = ['Organization', 'System', 'Project', 'Concept', 'Policy', 'Place', 'Event']
const THING: End = { kinds: ['System', 'Project', 'Policy', 'Contract', 'Concept', 'Decision'] }
const UNTOLD: End = { ...THING, assume: 'System' }
const BUILT: End = { kinds: ['System', 'Project'], assume: 'System' }
const BODY: End = { kinds: ['Organization'] }

/** What owns, needs, replaces, uses and supplies what, and where it stands. */
export const THING_RULES: readonly LinkRule[] = [
  {
    name: 'owns',
    says: 'somebody owns or maintains a thing',
    type: 'OWNS',
    trigger: '(?:owns|owned|maintains|maintaining|runs|operates|looks after)',
    direction: 'forward',
    subject: OWNER,
    object: OWNED,
    confidence: 0.8,
  },
  {
    name: 'owned-by',
    says: 'a thing is owned, maintained or run by somebody',
    type: 'OWNS',
    trigger: ',? ?(?:owned|maintained|operated|run) by',
    direction: 'backward',
    subject: { ...OWNER, assume: 'Organization' },
    object: OWNED,
    confidence: 0.8,
  },
  {
    name: 'responsible-for',
    says: 'somebody is responsible for or in charge of a thing',
    type: 'OWNS',
    trigger: '(?:responsible|accountable|in charge) (?:for|of)|(?:owner|maintainer)s? of',
    direction: 'forward',
    subject: OWNER,
    object: OWNED,
    confidence: 0.8,
  },
  {
    name: 'replaces',
    says: 'a thing replaces, supersedes or succeeds another',
    type: 'REPLACES',
    trigger:
      '(?:replaces|replaced|replacing|replace|supersedes|superseded|superseding|supersede|a (?:drop-in )?replacement for)',
    direction: 'forward',
    subject: UNTOLD,
    object: UNTOLD,
    confidence: 0.85,
  },
  {
    name: 'replaced-by',
    says: 'a thing is replaced or superseded by another, or dropped in favour of it',
    type: 'REPLACES',
    trigger: '(?:replaced|superseded|succeeded) (?:by|with)|(?:closed|dropped|deprecated) in favou?r of',
    direction: 'backward',
    subject: UNTOLD,
    object: UNTOLD,
    confidence: 0.85,
  },
  {
    name: 'depends-on',
    says: 'a thing depends on, needs, requires or is blocked by another',
    type: 'DEPENDS_ON',
    trigger:
      '(?:depends? (?:up)?on|depending on|dependent on|requires|relies on|needs|(?:is )?blocked (?:by|on)|built on top of|builds on)',
    direction: 'forward',
    subject: UNTOLD,
    object: UNTOLD,
    confidence: 0.8,
  },
  {
    name: 'uses',
    says: 'a thing or body uses, runs on or is built with another thing',
    type: 'USES',
    trigger: '(?:uses|using|runs on|powered by|built (?:with|on)|switched to|migrated to|adopted|adopts)',
    direction: 'forward',
    subject: { kinds: ['System', 'Project', 'Organization'], assume: 'System' },
    object: { kinds: ['System', 'Concept', 'Policy'], assume: 'System' },
    confidence: 0.75,
  },
  {
    name: 'used-by',
    says: 'a thing is used by a body or another thing',
    type: 'USES',
    trigger: '(?:widely |mainly )?(?:used|adopted) (?:by|at|in)',
    direction: 'backward',
    subject: { kinds: ['System', 'Project', 'Organization'] },
    object: { kinds: ['System'], assume: 'System' },
    confidence: 0.75,
  },
  {
    name: 'implements',
    says: 'a thing or body implements or supports a specification or feature',
    type: 'IMPLEMENTS',
    trigger: '(?:implements|implemented|implementing|supports|supported)',
    direction: 'forward',
    subject: { kinds: ['System', 'Project', 'Organization'], assume: 'System' },
    object: { kinds: ['Concept', 'System', 'Policy'], assume: 'Concept' },
    confidence: 0.75,
  },
  {
    name: 'supplies',
    says: 'an organization supplies, provides or delivers a thing',
    type: 'SUPPLIES',
    trigger: '(?:supplies|supplied|provides|provided|delivers|delivered|(?:a|the) (?:supplier|vendor|provider) of)',
    direction: 'forward',
    subject: BODY,
    object: { kinds: ['System', 'Project', 'Organization'] },
    confidence: 0.8,
  },
  {
    name: 'supplied-by',
    says: 'a thing is supplied, provided or delivered by an organization',
    type: 'SUPPLIES',
    trigger: ',? ?(?:supplied|provided|delivered) by',
    direction: 'backward',
    subject: { ...BODY, assume: 'Organization' },
    object: { ...BUILT, kinds: ['System', 'Project'] },
    confidence: 0.8,
  },
  {
    name: 'part-of',
    says: 'a thing or body is part of, belongs to or is hosted by another',
    type: 'PART_OF',
    trigger:
      '(?:(?:a |an )?(?:part|subproject|sub-project|subsidiary|department|division|subcommittee|component) of|belongs to|' +
      'included in|merged into|reports into|(?:a |an )(?:\\w+ )?project (?:of|under|at)|hosted (?:by|at|under))',
    direction: 'forward',
    subject: { kinds: MEMBER },
    object: { kinds: MEMBER },
    alike: true,
    confidence: 0.75,
  },
  {
    name: 'governing-body-of',
    says: 'a body governs or oversees another',
    type: 'GOVERNS',
    trigger: '(?:governs|oversees|supervises|(?:the )?(?:technical )?(?:governing body|leadership|governance body) of)',
    direction: 'forward',
    subject: BODY,
    object: { kinds: ['Organization', 'Project'] },
    confidence: 0.8,
  },
  {
    name: 'governed-by',
    says: 'something follows, adheres to or is governed by a policy or contract',
    type: 'GOVERNED_BY',
    trigger:
      '(?:follows|adheres to|complies with|governed by|subject to|bound by)(?: the)?(?: \\w+)?(?: policy| agreement| contract)?',
    direction: 'forward',
    subject: { kinds: ['Organization', 'Project', 'System', 'Contract'] },
    object: { kinds: ['Policy', 'Contract'] },
    confidence: 0.8,
  },
  {
    name: 'in-dispute-with',
    says: 'an organization is in dispute with another',
    type: 'IN_DISPUTE_WITH',
    trigger: '(?:therefore )?(?:in (?:a )?dispute with|suing|sues|sued)',
    direction: 'forward',
    subject: { ...BODY, assume: 'Organization' },
    object: { ...BODY, assume: 'Organization' },
    confidence: 0.8,
  },
]
