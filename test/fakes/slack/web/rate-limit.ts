// Slack's tiers, when a test wants them: a method's calls a minute for each app and team, and one post a second in a channel with some grace.
import type { Core } from "../core.ts"

const minuteMs = 60_000
const channelGrace = 5

export class RateLimit {
  readonly #core: Core
  readonly #seen = new Map<string, number[]>()
  constructor(core: Core) {
    this.#core = core
  }
  /** Seconds to wait, or null when the call may pass. */
  over(method: string, who: string, tier: number, channel: string | null): number | null {
    if (this.#core.settings.rateLimits === "off") return null
    const wait = this.#room(`${method} ${who}`, tier, minuteMs)
    if (wait !== null || method !== "chat.postMessage" || channel === null) return wait
    return this.#room(`${method} ${who} ${channel}`, channelGrace, channelGrace * 1_000)
  }
  #room(key: string, most: number, withinMs: number): number | null {
    const now = this.#core.time.elapsed()
    const recent = (this.#seen.get(key) ?? []).filter((at) => at > now - withinMs)
    this.#seen.set(key, recent)
    const oldest = recent[0]
    if (recent.length >= most && oldest !== undefined) return Math.max(1, Math.ceil((oldest + withinMs - now) / 1_000))
    recent.push(now)
    return null
  }
}
