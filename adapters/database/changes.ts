// Who follows the ledger is told of every stream that changed: what this process wrote at once, what others wrote as soon as
// it is noticed. Told at least once each; never told what changed, so that everybody reads the truth itself.
import { setTimeout as wait } from "node:timers/promises"
import type { StreamKey } from "../../src/core/facts.ts"
import type { News } from "./open.ts"

const askEveryMs = 250
const listenAgainMs = 500

/** Reads what was written since it was last asked, by whomever. */
export type CatchUp = () => Promise<readonly StreamKey[]>

export class Changes {
  readonly #news: News
  readonly #catchUp: CatchUp
  readonly #followers = new Set<(key: StreamKey) => void>()
  #watching: AbortController | null = null

  constructor(news: News, catchUp: CatchUp) {
    this.#news = news
    this.#catchUp = catchUp
  }
  tell(keys: Iterable<StreamKey>): void {
    if (this.#followers.size === 0) return
    const once = new Map<string, StreamKey>()
    for (const k of keys) once.set(`${k.workspace}\n${k.stream}`, k)
    for (const key of once.values()) for (const follower of this.#followers) follower(key)
  }
  /** Follows from this call on, not from the first `next`. */
  follow(signal: AbortSignal): AsyncIterable<StreamKey> {
    const waiting: StreamKey[] = []
    let wake = () => {}
    const take = (key: StreamKey) => {
      waiting.push(key)
      wake()
    }
    const leave = () => {
      this.#followers.delete(take)
      if (this.#followers.size === 0) this.close()
      wake()
    }
    if (!signal.aborted) {
      this.#followers.add(take)
      signal.addEventListener("abort", leave, { once: true })
      this.#watch()
    }
    return (async function* () {
      try {
        while (!signal.aborted) {
          const next = waiting.shift()
          if (next !== undefined) yield next
          else await new Promise<void>((go) => (wake = go))
        }
      } finally {
        signal.removeEventListener("abort", leave)
        leave()
      }
    })()
  }
  close(): void {
    this.#watching?.abort()
    this.#watching = null
  }

  #watch(): void {
    if (this.#watching !== null) return
    this.#watching = new AbortController()
    const { signal } = this.#watching
    const ended = this.#news.by === "asking" ? this.#ask(this.#news, signal) : this.#listen(this.#news, signal)
    void ended.catch(() => undefined)
  }
  async #ask(news: News & { by: "asking" }, signal: AbortSignal): Promise<void> {
    let seen = -1
    while (!signal.aborted) {
      // A database that cannot be asked now can be asked again; whoever writes will say what is wrong with it.
      const version = await news.version().catch(() => seen)
      if (version !== seen && !signal.aborted) {
        seen = version
        this.tell(await this.#catchUp().catch(() => []))
      }
      await wait(askEveryMs, undefined, { ref: false, signal })
    }
  }
  async #listen(news: News & { by: "listening" }, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const lost = Promise.withResolvers<void>()
      const heard = (payload: string) => this.tell([JSON.parse(payload) as StreamKey])
      const listening = await news.listen(heard, lost.resolve).catch(() => null)
      if (listening !== null) {
        signal.addEventListener("abort", () => lost.resolve(), { once: true })
        // After listening began, not before: what is written in between is then in one of the two.
        if (!signal.aborted) this.tell(await this.#catchUp().catch(() => []))
        if (!signal.aborted) await lost.promise
        await listening.stop().catch(() => undefined)
      }
      await wait(listenAgainMs, undefined, { ref: false, signal })
    }
  }
}
