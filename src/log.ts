// Logs for operators, as JSON lines on stderr: ids, codes and digests. Never a text, a name, a token or an address with a key.
// The types keep texts out where they can; here a second wall goes through what is left, errors of other people's libraries above all.
import { type DestinationStream, destination, pino } from "pino"
import type { Log } from "./core/ports.ts"

const telling = /text|body|name|words|answer|hint|title|question|token|secret|passw|authoriz|cookie|key$|jws|url$|message|content|sql|param|detail/i
/** Longer than any id or digest of ours. */
const longest = 200

/** Written at once: the last line before the end of the process is the one that is needed. */
export function createLog(level: string, to: DestinationStream = destination({ dest: 2, sync: true })): Log {
  const out = pino({ level, base: { pid: process.pid }, timestamp: isoTime, formatters: { level: (label) => ({ level: label }) } }, to)
  return {
    info: (what, message) => out.info(guarded(what), message),
    warn: (what, message) => out.warn(guarded(what), message),
    error: (what, message) => out.error(guarded(what), message),
  }
}
const isoTime = () => `,"time":"${new Date().toISOString()}"`

function guarded(what: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(what).map(([key, value]) => [key, telling.test(key) ? "[kept out]" : guard(value)]))
}
function guard(value: unknown): unknown {
  if (value instanceof Error) return faultOf(value)
  if (typeof value === "string") return value.length > longest ? "[kept out: long]" : value
  if (typeof value === "object" && value !== null) return "[kept out: object]"
  return value
}

/** What may be known of a fault: its kind and where it arose; its words only when they are ours or the engine's. */
export function faultOf(fault: unknown): Record<string, unknown> {
  if (!(fault instanceof Error)) return { kind: typeof fault }
  const code = "code" in fault && (typeof fault.code === "string" || typeof fault.code === "number") ? { code: fault.code } : {}
  const ours = "code" in fault && typeof fault.code === "string" && /^[a-z]+(-[a-z]+)*$/.test(fault.code)
  const engine = fault instanceof TypeError || fault instanceof RangeError || fault instanceof ReferenceError
  const frames = (fault.stack ?? "").split("\n").filter((line) => line.startsWith("    at "))
  return {
    kind: fault.name,
    ...code,
    ...(ours || engine ? { why: fault.message.slice(0, 500) } : {}),
    at: frames.slice(0, 8).map((line) => line.trim().slice(3)),
    ...(fault.cause === undefined ? {} : { cause: faultOf(fault.cause) }),
  }
}
