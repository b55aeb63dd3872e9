/** The sign before an item of a list. */
export const BULLET = /^(?:[•‣◦▪▫●○■□➢➔➤✓✗§·]\s*|[-–—*+]\s+|o\s+(?=\p{Lu}))/u
/** Signs that also stand inside prose, so that they are looked at more closely at the beginning of a line. */
export const UNSURE = /^(?:[-–—*+o·]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s/u
/** The number or letter before one. */
export const NUMBER = /^\(?(?:\d{1,3}|[a-z]|[ivx]{1,5}|[A-Z](?=\)))[.)]\s+/u
