import type { Proposal } from '../model/proposal.ts'
import { shownProposals, type LinkView } from '../review/view-link.ts'
import type { StoredLink } from '../store/records.ts'
import { renderConflict } from '../terminal/conflict-lines.ts'
import { headLines, renderDecision } from '../terminal/link-card.ts'
import { renderLinkLine } from '../terminal/link-line.ts'
import { printable, printableLines } from '../terminal/printable.ts'
import { checkLines, evidenceLines, traceLines, whyLines } from '../terminal/proposal-lines.ts'
import { fold, indented, wrap } from '../terminal/wrap.ts'
import type { Quotable } from './fix-desk.ts'
import { helpLines, type Keyboard } from './keys.ts'
import { patternLines } from './pattern.ts'
import type { DeskState } from './state.ts'

/** What the card is made of. */
export interface Card {
  readonly view: LinkView
  /** Other links of both its ends. */
  readonly others: readonly StoredLink[]
  /** Those of them that wait and are much like it. */
  readonly alike: readonly StoredLink[]
  readonly title: string
  readonly place: number
  /** Null where nobody counted. */
  readonly total: number | null
  readonly keyboard: Keyboard
}

/** Steps on the card itself; `r` shows all. */
const STEPS = 3
const MOST_LINES_OF_CONTEXT = 3

/** All quotes of a link with the proposals that bring them, in the order that `]` goes through. */
export function quotesOf(view: LinkView): { readonly proposal: Proposal; readonly index: number }[] {
  return shownProposals(view).flatMap((proposal) =>
    proposal.evidence.length === 0
      ? [{ proposal, index: 0 }]
      : proposal.evidence.map((_, index) => ({ proposal, index })),
  )
}

/** What may be quoted beside the `at`th quote (from 0): the chunk in which it stands. */
export function quotable(view: LinkView, at: number): Quotable {
  const quotes = quotesOf(view)
  const { proposal, index = 0 } = quotes[at] ?? quotes[0] ?? {}
  const chunk = view.chunks.get(proposal?.chunkId ?? '')
  return { chunks: chunk === undefined ? [] : [chunk], s: proposal?.evidence[index]?.s ?? 1 }
}

/** The link, then the pane that is open, as lines for a terminal; none is wider than `width`. */
export function cardLines(card: Card, state: DeskState, width: number): string[] {
  const { view, title, place, total, alike, keyboard } = card
  const near = alike.length === 0 ? '' : ` · +${alike.length} alike: ${keyboard.nameOf('alike')}`
  const lines = [
    ` ${total === null ? place : `${place}/${total}`} · ${printable(title)}${near}`,
    ...headLines(view, Infinity).map((line) => indented(` ${line.trimStart()}`, width)),
    ...(state.pattern === null ? paneLines(card, state, width) : patternLines(state.pattern, width)),
    ...(state.note === '' ? [] : [` NOTE OF YOURS  ${wrap(printable(state.note), width - 16, '   ')}`]),
  ]
  return lines.flatMap((line) => line.split('\n')).flatMap((line) => fold(line, width))
}

function paneLines(card: Card, state: DeskState, width: number): string[] {
  const { view } = card
  const quotes = quotesOf(view)
  const quote = quotes[state.quote] ?? quotes[0]
  switch (state.pane) {
    case 'help':
      return helpPane(card.keyboard, width)
    case 'history':
      return view.decisions.length === 0
        ? [' nothing was decided about it yet']
        : view.decisions.map((one) => indented(renderDecision(one), width))
    case 'others':
      return [
        ...view.conflicts.map((one) => renderConflict(view.link.id, one, width)),
        ...card.others.map((one) => ` ${renderLinkLine(one)}`),
      ]
    case 'alike':
      return alikeLines(card, width)
    case 'steps':
      return quote === undefined ? [] : traceLines(quote.proposal, view.traces, width)
    case 'trace':
      return quote === undefined ? [] : wholeTrace(view.traces.get(quote.proposal.id)?.text ?? '', width)
    case 'card':
      return quote === undefined ? [' nobody speaks of it any more'] : quoteLines(card, state, quote, width)
  }
}

/** All keys, in lines that fit. */
export function helpPane(keyboard: Keyboard, width: number): string[] {
  return helpLines(keyboard).flatMap((line) => ` ${wrap(line, width - 1, '    ')}`.split('\n'))
}

/** What the next key decides about, beside the link itself. */
function alikeLines({ alike, keyboard }: Card, width: number): string[] {
  if (alike.length === 0) return [' no other link that waits is much like it']
  const [accept, reject] = [keyboard.nameOf('accept'), keyboard.nameOf('reject')]
  const all = `${alike.length + 1} of them`
  return [
    ` ALIKE  ${wrap(`here ${accept} accepts all ${all}, ${reject} and 1 to 7 reject them`, width - 8, '   ')}`,
    ...alike.flatMap((link) => [
      ` ${renderLinkLine(link)}`,
      ...link.items.slice(0, 1).map((item) => {
        const quote = item.evidence === '' ? 'no quote was found' : `»${printable(item.evidence)}«`
        return `   ${wrap(`${quote} ${item.grounding}, ${printable(item.place)}`, width - 3, '   ')}`
      }),
    ]),
  ]
}

function quoteLines(
  { view, keyboard }: Card,
  { quote: at, wide }: DeskState,
  { proposal, index }: { proposal: Proposal; index: number },
  width: number,
): string[] {
  const chunk = view.chunks.get(proposal.chunkId)
  const evidence = proposal.evidence[index]
  const around =
    wide && evidence !== undefined ? unitsAround(chunk?.units ?? [], evidence.s) : { before: [], after: [] }
  const context = (texts: readonly string[]): string[] => texts.map((text) => `   ${wrap(text, width - 3, '   ')}`)
  const of = quotesOf(view).length
  const [title = '', words = ''] = evidenceLines(proposal, index, chunk, width, { at: Math.min(at, of - 1), of })
  return [
    indented(title, width),
    ...context(around.before),
    ...(words === '' ? [] : [words]),
    ...context(around.after),
    ...(of > 1 ? [`   ${keyboard.nameOf('quote')} shows the next quote`] : []),
    ...(proposal.polarity === 'asserted' ? [] : [` THE SOURCE SAYS  ${proposal.polarity}`]),
    ...checkLines(proposal, width),
    ...traceLines(proposal, view.traces, width, STEPS).map((line, i) => (i === 0 ? indented(line, width) : line)),
    ...whyLines(proposal, width),
    ...againstLines(view, keyboard, width),
    ...waitingLines(view, width),
    ...view.decisions.slice(-1).map((one) => indented(renderDecision(one), width)),
  ]
}

/** Who says otherwise, and where: what denies or hedges it, and what cannot hold beside it; the first of them. */
function againstLines({ link, proposals, conflicts }: LinkView, keyboard: Keyboard, width: number): string[] {
  const doubts = proposals.flatMap(({ live, proposal }) =>
    live && proposal.polarity !== 'asserted'
      ? [{ says: proposal.polarity === 'negated' ? 'denied' : 'hedged', where: proposal }]
      : [],
  )
  const rivals = conflicts.map(({ link: { subjectId, subject, object }, proposals: [said] }) => {
    return { says: subjectId === link.id ? object : subject, where: said?.proposal }
  })
  const all = [...doubts, ...rivals]
  const [first] = all
  if (first === undefined) return []
  const place = first.where?.evidence[0]?.placeText ?? ''
  const more = rivals.length > 0 ? `  ${keyboard.nameOf('others')} shows it` : ''
  const said = `FOR ${link.supports} · AGAINST ${all.length}: ${printable(first.says)}`
  return [` ${wrap(`${said}${place === '' ? '' : ` (${printable(place)})`}${more}`, width - 1, '   ')}`]
}

/** Words that wait for a second person: who accepts the link accepts these in the place of the others. */
function waitingLines({ waiting, chunks }: LinkView, width: number): string[] {
  return waiting.flatMap((proposal) => [
    ` ${wrap('IN PLACE OF THESE, once a second person accepts the link:', width - 1, '   ')}`,
    ...proposal.evidence.flatMap((_, i) => evidenceLines(proposal, i, chunks.get(proposal.chunkId), width)),
    ...(proposal.when === null ? [] : [indented(`   when: ${printable(proposal.when)}`, width)]),
    ...whyLines(proposal, width),
  ])
}

/** The units before and after the quote's, as they are read. */
function unitsAround(units: readonly { readonly s: number; readonly text: string }[], s: number) {
  const at = units.findIndex((unit) => unit.s === s)
  if (at < 0) return { before: [], after: [] }
  const texts = units.map(({ text }) => printable(text))
  return {
    before: texts.slice(Math.max(0, at - MOST_LINES_OF_CONTEXT), at),
    after: texts.slice(at + 1, at + 1 + MOST_LINES_OF_CONTEXT),
  }
}

function wholeTrace(trace: string, width: number): string[] {
  if (trace === '') return [' the reply came without a trace']
  return printableLines(trace)
    .split('\n')
    .map((line) => ` ${wrap(line, width - 1, ' ')}`)
}
