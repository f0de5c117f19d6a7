// What Discord's refusals and failures are called. Codes and statuses only: an error of discord.js also holds what was sent.
import { DiscordAPIError, HTTPError, RateLimitError } from "discord.js"
import { PlatformBusy } from "../../src/core/ports.ts"

/** As Discord numbers them. */
export const unknown = { channel: 10003, guild: 10004, member: 10007, message: 10008, user: 10013, interaction: 10062, webhook: 10015 } as const
export const noAccess = 50001
export const noPermission = 50013
export const acknowledgedBefore = 40060
/** A thread that is archived. */
export const asleep = 50083

/** Null: Discord refused nothing, something else is wrong. */
export function codeOf(fault: unknown): number | null {
  return fault instanceof DiscordAPIError && typeof fault.code === "number" ? fault.code : null
}
/** What was asked for, or null where Discord refuses it by one of these codes. */
export function unless<T>(codes: readonly number[], asked: Promise<T>): Promise<T | null> {
  return asked.catch((fault: unknown) => {
    if (codes.includes(codeOf(fault) ?? 0)) return null
    throw fault
  })
}
/** A message that is gone, or that we may not read. */
export const noMessage: readonly number[] = [unknown.channel, unknown.message, noAccess, noPermission]
/** For logs: never the message, which may hold an address with a token. */
export function nameOfFault(fault: unknown): string {
  if (fault instanceof DiscordAPIError) return `discord-${fault.code}`
  if (fault instanceof HTTPError) return `http-${fault.status}`
  if (!(fault instanceof Error)) return typeof fault
  return "code" in fault && typeof fault.code === "string" ? fault.code : fault.name
}

const soonMs = 5_000
/** Whether Discord only cannot say it just now: limits, no answer in time, trouble of its own. Null: a lasting fault. */
export function notNow(fault: unknown): PlatformBusy | null {
  if (fault instanceof PlatformBusy) return fault
  if (fault instanceof RateLimitError) return new PlatformBusy(Math.max(fault.timeToReset, fault.retryAfter), { cause: fault })
  if (fault instanceof HTTPError) return new PlatformBusy(soonMs, { cause: fault })
  const code = fault instanceof Error && "code" in fault ? String(fault.code) : ""
  const passes = fault instanceof Error && (fault.name === "AbortError" || /^(ECONN|ENOTFOUND|EAI_|EPIPE|ETIMEDOUT|UND_ERR)/.test(code))
  return passes ? new PlatformBusy(soonMs, { cause: fault }) : null
}
