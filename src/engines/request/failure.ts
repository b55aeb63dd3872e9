import { EngineError } from '../../model/errors.ts'
import type { Endpoint } from './endpoint.ts'
import type { Trouble } from './trouble.ts'
import { formatSeconds } from './watch.ts'

/** Whom we asked, for messages. */
export interface Asked {
  /** Name of the engine. */
  readonly engine: string
  readonly endpoint: Pick<Endpoint, 'url' | 'host' | 'authorization' | 'redact'>
  readonly model: string
  /** The name of the setting or variable that holds the key. */
  readonly apiKeyName: string
  readonly idleMilliseconds: number
  /** What may be wrong with the address, as a sentence. */
  readonly addressHint: string
  /** The settings that go into the request. */
  readonly sentAlong: string
}

interface Verdict {
  readonly code: string
  /** What happened; `where` comes before it. */
  readonly what: string
  readonly hint?: string
  readonly retryable?: boolean
  readonly fatal?: boolean
}

const QUOTA = /insufficient_quota|billing|quota_exceeded|exceeded your (?:current |monthly )?quota|credit balance/i
/** Gemini says "exceeded your current quota" of requests per minute as well. */
const QUOTA_FOR_NOW = /retry in|per.?minute|per.?second/i
/** … and asks to retry in some seconds when it is the day's quota that is gone. */
const QUOTA_OF_DAY = /per.?day/i
const RATE_LIMIT = /rate_limit/i
const TOO_LONG = /context.{0,3}(?:length|window|size)|maximum context|too many tokens|(?:prompt|input) is too long/i
const NO_SUCH_MODEL =
  /model.{0,80}(?:not exist|not found|not a valid)|model_not_found|(?:unknown|invalid|no such) model/i
/** Anthropic says both with 400, Gemini the latter. */
const NO_BALANCE = /credit balance|plans? (?:&|and) billing|billing[ _](?:account|error|hard)|enable billing/i
const BAD_KEY = /api.?key.{0,40}(?:not valid|invalid|not found|incorrect|expired)|(?:invalid|incorrect) api.?key/i
const MODERATED = /content_filter|content_policy|moderation|flagged/i
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL/

/** Whether the same request may be sent again at once (after a pause), nothing of a reply having arrived. */
export function mayAskAgain(trouble: Trouble): boolean {
  if (trouble.kind === 'unreachable') return !CERTIFICATE.test(trouble.reason)
  if (trouble.kind === 'cut') return true
  if (trouble.kind === 'unreadable') return trouble.reason !== 'html'
  return trouble.kind === 'refused' && judge(trouble).retryable
}

/** Whether a request that came to this may be charged for. */
export function mayCost({ kind, reason }: Trouble): boolean {
  return kind !== 'refused' && kind !== 'unreachable' && kind !== 'unmade' && reason !== 'html'
}

/** Whether the server has had enough of us for a while, though nothing is wrong with the request. */
export function isOverloaded(trouble: Trouble): boolean {
  const { code } = judge(trouble)
  if (trouble.kind !== 'refused') return false
  return code === 'rate-limited' || trouble.status === 503 || trouble.status === 529
}

/**
 * Puts a trouble into words: what happened, where, and what to do next.
 * @param about `wait`: milliseconds that the server asks to wait, where that is too long for us; `isInVain`: it has
 * turned everybody away for so long; `mayCost`: of all tries
 */
export function explain(
  trouble: Trouble,
  asked: Asked,
  about: { readonly wait?: number | null; readonly isInVain?: boolean; readonly mayCost?: boolean } = {},
): EngineError {
  const { wait = null, isInVain = false } = about
  const { code, what, hint, retryable, fatal } = wait === null ? verdict(trouble, asked) : tooLong(trouble, wait)
  const { endpoint } = asked
  return new EngineError(code, endpoint.redact(`${asked.model} at ${endpoint.host}: ${what}`), {
    engine: asked.engine,
    retryable: retryable ?? false,
    fatal: isInVain || (fatal ?? false),
    mayCost: about.mayCost ?? mayCost(trouble),
    place: endpoint.redact(endpoint.url),
    ...(trouble.status === null ? {} : { status: trouble.status }),
    ...(hint === undefined ? {} : { hint: endpoint.redact(hint) }),
    ...(trouble.cause === undefined ? {} : { cause: trouble.cause }),
  })
}

function verdict(trouble: Trouble, asked: Asked): Verdict {
  const { message, reason } = trouble
  switch (trouble.kind) {
    case 'aborted':
      return { code: 'aborted', what: 'the request was aborted.' }
    case 'unmade': {
      const hint = `Correct the settings that are sent along: ${asked.sentAlong}.`
      return { code: 'bad-request', what: `no request can be made: ${message}.`, hint, fatal: true }
    }
    case 'stalled': {
      const hint = `Ask again later; if the model is only slow, raise idleSeconds (now ${asked.idleMilliseconds / 1000}).`
      return { code: 'stalled', what: `the reply stalled: ${message}.`, hint, retryable: true }
    }
    case 'cut':
      return {
        code: 'cut',
        what: `the connection broke in the middle of the reply (${message}).`,
        hint: 'What had arrived is kept; ask again.',
        retryable: true,
      }
    case 'unreadable':
      if (reason === 'html') {
        return { code: 'bad-response', what: `${message}.`, hint: asked.addressHint, fatal: true }
      }
      return {
        code: 'bad-response',
        what: `the reply cannot be read: ${message}.`,
        hint: `Ask again; if it stays so: ${asked.addressHint}`,
        retryable: true,
      }
    case 'unreachable':
      return unreachable(trouble, asked)
    case 'refused':
      return refused(trouble, asked)
  }
}

function unreachable({ message, reason }: Trouble, asked: Asked): Verdict {
  const { url, host } = asked.endpoint
  if (reason.startsWith('ERR_SSL')) {
    const hint = `Is ${url} right? A server without encryption wants http: instead of https:.`
    return { code: 'unreachable', what: `no encrypted connection (${reason}).`, hint, fatal: true }
  }
  if (CERTIFICATE.test(reason)) {
    const hint = `If ${host} uses a certificate of your own, name it in NODE_EXTRA_CA_CERTS.`
    return { code: 'unreachable', what: `its certificate is not trusted (${reason}).`, hint, fatal: true }
  }
  const why = reason === '' || message.includes(reason) ? message : `${reason}, ${message}`
  return {
    code: 'unreachable',
    what: `no connection (${why}).`,
    hint: `Is the server running, and is ${url} the right base URL?`,
    // It may be up again later, but a job that goes on asking only collects the same failure.
    retryable: true,
    fatal: true,
  }
}

function never(code: string): { readonly code: string; readonly retryable: boolean } {
  return { code, retryable: false }
}

/** What kind of refusal it is, apart from its words. */
function judge({ status, reason, details }: Trouble): { readonly code: string; readonly retryable: boolean } {
  const text = `${reason} ${details}`
  const mayBeQuota = (status === 429 || status === null) && QUOTA.test(text)
  const isForLong = text.includes('insufficient_quota') || QUOTA_OF_DAY.test(text) || !QUOTA_FOR_NOW.test(text)
  if (mayBeQuota && isForLong) return never('quota')
  // OpenAI: one request above the limit of a whole minute.
  if (status === 429 && /request too large/i.test(text)) return never('too-long')
  if (status === 429 || (status === null && RATE_LIMIT.test(reason))) return { code: 'rate-limited', retryable: true }
  if (status === 401) return never('unauthorized')
  if (status === 402) return never('no-balance')
  if (status === 403) return never(MODERATED.test(text) ? 'refused' : 'forbidden')
  if (status === 404 || status === 405) return never('not-found')
  if (status === 413) return never('too-long')
  if (status !== null && status >= 400 && status < 500 && status !== 408 && status !== 409) {
    if (NO_BALANCE.test(text)) return never('no-balance')
    if (BAD_KEY.test(text)) return never('unauthorized')
    if (TOO_LONG.test(text)) return never('too-long')
    if (NO_SUCH_MODEL.test(text)) return never('not-found')
    return never(MODERATED.test(text) ? 'refused' : 'bad-request')
  }
  // 501, 505 and the like say that it will never work; 529 is an overloaded server.
  const again = status === null || [408, 409, 500, 502, 503, 504, 520, 522, 524, 529].includes(status)
  return { code: 'server-error', retryable: again }
}

function refused(trouble: Trouble, asked: Asked): Verdict {
  const { apiKeyName, endpoint, model } = asked
  const message = endpoint.redact(trouble.message).slice(0, 400)
  const said = message === '' ? '' : ` It said: ${message}`
  const status = trouble.status === null ? 'in the reply' : String(trouble.status)
  const { code, retryable } = judge(trouble)
  const words: Record<string, Omit<Verdict, 'code'>> = {
    unauthorized: {
      what: `${endpoint.authorization === null ? 'it wants an API key' : 'it refused the API key'} (${status}).${said}`,
      hint: `Set ${apiKeyName}${endpoint.authorization === null ? '' : ' to a key that is valid'} for ${endpoint.host}.`,
      fatal: true,
    },
    'no-balance': {
      what: `the account has no balance left (${status}).${said}`,
      hint: `Top up the account at ${endpoint.host}, or choose another model; what is done is kept.`,
      fatal: true,
    },
    quota: {
      what: `the account's quota is used up (${status}).${said}`,
      hint: `Raise the quota or the budget at ${endpoint.host}, or choose another model; what is done is kept.`,
      fatal: true,
    },
    forbidden: {
      what: `access denied (${status}).${said}`,
      hint: `Does the key in ${apiKeyName} have access to ${model}?`,
      fatal: true,
    },
    'not-found': {
      what: `no such model or address (${status}).${said}`,
      hint: `Is the model's name right: ${model}? ${asked.addressHint}`,
      fatal: true,
    },
    refused: {
      what: `it refuses this text (${status}).${said}`,
      hint: 'The provider filters content: another provider or a local model may take it.',
    },
    'too-long': {
      what: `the request is too long (${status}).${said}`,
      hint: `Make the chunks smaller, or give ${model} a larger context window.`,
    },
    'bad-request': {
      what: `it does not accept the request (${status}).${said}`,
      hint: `Check the settings that are sent along: ${asked.sentAlong}.`,
    },
    'rate-limited': {
      what: `too many requests (${status}).${said}`,
      hint: 'Ask again later, or lower the number of requests at a time.',
    },
    'server-error': {
      what: `the server failed (${status}).${said}`,
      hint: retryable ? 'Ask again later.' : asked.addressHint,
    },
  }
  return { code, retryable, ...(words[code] ?? { what: `${status}.${said}` }) }
}

/** Every further request would be told the same: better to stop, and to go on when the time has come. */
function tooLong(trouble: Trouble, wait: number): Verdict {
  const { code } = judge(trouble)
  const hours = wait / 3_600_000
  const when = hours < 1 ? `${Math.ceil(hours * 60)} minutes` : `${Math.ceil(hours * 10) / 10} hours`
  return {
    code,
    what: `${trouble.message} (asks to wait ${formatSeconds(wait)}; ${trouble.status ?? 'in the reply'}).`,
    hint: `Run it again in ${when}; what is done is kept.`,
    retryable: true,
    fatal: true,
  }
}

/** One line for {@link RemoteSettings.say}. @param wait milliseconds; null: until others have been answered */
export function describeWait(trouble: Trouble, asked: Asked, wait: number | null): string {
  const isWorded = trouble.kind === 'unreadable' || trouble.kind === 'cut'
  const what = trouble.status ?? (isWorded ? trouble.message : trouble.reason || trouble.message)
  const until = wait === null ? 'waiting for its turn' : `waiting ${formatSeconds(wait)}`
  return asked.endpoint.redact(`${asked.endpoint.host}: ${what}; ${until}`)
}
