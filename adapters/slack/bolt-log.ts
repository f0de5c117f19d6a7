// Bolt's log, as far as it may be kept: what it says at debug level quotes payloads, and its errors quote addresses with keys in
// them. Only the beginning of its own sentences is passed on, without whatever they quote.

import type { Logger } from "@slack/bolt"
import { LogLevel } from "@slack/bolt"
import type { Log } from "../../src/core/ports.ts"

export function boltLogger(log: Log): Logger {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...said) => log.warn({ from: "bolt" }, sentence(said)),
    error: (...said) => log.error({ from: "bolt" }, sentence(said)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  }
}
function sentence(said: readonly unknown[]): string {
  const [first] = said
  if (first instanceof Error) return first.name
  const words = String(first ?? "").split(/[({"'`:]|https?|wss?|xox|xapp/)[0] ?? ""
  return words.trim().slice(0, 120) || "Bolt reports a problem"
}
