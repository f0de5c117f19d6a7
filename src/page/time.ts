// How times read: short and relative, the exact time on hover and for machines. In the server's time zone; live.js puts them
// into the browser's, by the same rules.
import { html } from "hono/html"
import type { Instant } from "../core/domain.ts"
import type { Html } from "./frame.ts"

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const clockTime = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" })
const dayOfMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" })
const dayOfYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" })
const exact = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" })

/** "just now", "4 min ago", "10:02", "yesterday 10:02", "21 Nov". */
export function ago(at: Instant, now: Instant): string {
  const passed = now - at
  if (passed < minute) return "just now"
  if (passed < hour) return `${Math.floor(passed / minute)} min ago`
  const days = daysBetween(at, now)
  if (days === 0) return clockTime.format(at)
  if (days === 1) return `yesterday ${clockTime.format(at)}`
  return (passed < 300 * day ? dayOfMonth : dayOfYear).format(at)
}
/** "in 12 min", "today at 14:10", "tomorrow at 14:10", "on 21 Nov at 14:10". */
export function until(at: Instant, now: Instant): string {
  const left = at - now
  if (left <= 0) return "now"
  if (left < hour) return `in ${Math.max(1, Math.round(left / minute))} min`
  const days = daysBetween(now, at)
  if (days === 0) return `today at ${clockTime.format(at)}`
  if (days === 1) return `tomorrow at ${clockTime.format(at)}`
  return `on ${dayOfMonth.format(at)} at ${clockTime.format(at)}`
}
export function timeAgo(at: Instant, now: Instant): Html {
  return html`<time datetime="${new Date(at).toISOString()}" data-form="ago" title="${exact.format(at)}">${ago(at, now)}</time>`
}
export function timeUntil(at: Instant, now: Instant): Html {
  return html`<time datetime="${new Date(at).toISOString()}" data-form="until" title="${exact.format(at)}">${until(at, now)}</time>`
}
/** "10:09", for sentences about a moment of which the day is plain. */
export function clockOf(at: Instant): string {
  return clockTime.format(at)
}

function daysBetween(a: Instant, b: Instant): number {
  const midnight = (t: Instant) => new Date(t).setHours(0, 0, 0, 0)
  return Math.round((midnight(b) - midnight(a)) / day)
}
