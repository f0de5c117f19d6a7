// Buckets by route and channel, the global fifty a second, and the count of invalid requests after which Discord bans the address.
import type { Core } from "../core.ts"
import type { App } from "../state.ts"
import type { Match } from "./match.ts"

export interface Room {
  /** Seconds to wait, or null when the call may pass. */
  readonly wait: number | null
  readonly global: boolean
  readonly headers: Readonly<Record<string, string>>
}
interface Bucket {
  readonly limit: number
  readonly windowMs: number
  readonly used: number[]
}
const globalPerSecond = 50
const tenMinutesMs = 10 * 60_000
/** Calls and window. Discord publishes none of them and changes them at will; these are what is seen of it. */
const limits: Readonly<Record<string, readonly [number, number]>> = {
  "POST /channels/{channel}/messages": [5, 5_000],
  "PATCH /channels/{channel}/messages/{message}": [5, 5_000],
  "DELETE /channels/{channel}/messages/{message}": [5, 1_000],
}
const usual: readonly [number, number] = [50, 1_000]

export class RateLimits {
  readonly #core: Core
  readonly #buckets = new Map<string, Bucket>()
  readonly #global = new Map<string, number[]>()
  #invalid: number[] = []
  constructor(core: Core) {
    this.#core = core
  }
  take(of: Match, app: App | null): Room {
    const now = this.#core.time.elapsed()
    const major = of.params["channel"] ?? of.params["guild"] ?? of.params["token"] ?? ""
    const [limit, windowMs] = limits[of.name] ?? usual
    const key = `${of.name} ${major} ${app?.id ?? ""}`
    const bucket = this.#buckets.get(key) ?? { limit, windowMs, used: [] }
    this.#buckets.set(key, bucket)
    if (this.#core.settings.rateLimits === "off") return { wait: null, global: false, headers: this.#headers(of, bucket, limit - 1, windowMs) }
    const over = app !== null && of.route.auth === "bot" ? spent(this.#of(app), now, 1_000, globalPerSecond) : null
    if (over !== null)
      return {
        wait: over / 1_000,
        global: true,
        headers: { "retry-after": whole(over), "x-ratelimit-global": "true", "x-ratelimit-scope": "global" },
      }
    const full = spent(bucket.used, now, windowMs, limit)
    const resetMs = (bucket.used[0] ?? now) + windowMs - now
    const headers = this.#headers(of, bucket, Math.max(0, limit - bucket.used.length), resetMs)
    if (full === null) return { wait: null, global: false, headers }
    return { wait: full / 1_000, global: false, headers: { ...headers, "retry-after": whole(full), "x-ratelimit-scope": "user" } }
  }
  /** One more 401, 403 or 429. */
  invalid(): void {
    this.#invalid.push(this.#core.time.elapsed())
  }
  banned(): boolean {
    const since = this.#core.time.elapsed() - tenMinutesMs
    this.#invalid = this.#invalid.filter((at) => at > since)
    return this.#invalid.length >= this.#core.settings.invalidRequestLimit
  }
  #of(app: App): number[] {
    const known = this.#global.get(app.id) ?? []
    this.#global.set(app.id, known)
    return known
  }
  #headers(of: Match, bucket: Bucket, remaining: number, resetMs: number): Readonly<Record<string, string>> {
    return {
      "x-ratelimit-limit": String(bucket.limit),
      "x-ratelimit-remaining": String(remaining),
      "x-ratelimit-reset": String((this.#core.time.now() + resetMs) / 1_000),
      "x-ratelimit-reset-after": String(resetMs / 1_000),
      "x-ratelimit-bucket": Buffer.from(of.name).toString("hex").slice(0, 32),
    }
  }
}
/** Takes one place, or says how long until there is one. */
function spent(used: number[], now: number, windowMs: number, most: number): number | null {
  while ((used[0] ?? now) <= now - windowMs) used.shift()
  const oldest = used[0]
  if (used.length >= most && oldest !== undefined) return oldest + windowMs - now
  used.push(now)
  return null
}
const whole = (ms: number): string => String(Math.max(1, Math.ceil(ms / 1_000)))
