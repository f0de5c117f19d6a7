// A bot under measurement: its process, its town, and what was measured of it so far. The same for every chat platform.
import { rounded, type Spread, spread } from "./figures.ts"
import type { Server } from "./process.ts"

/** What people waited for, by name, in milliseconds. */
export type Waits = Readonly<Record<string, readonly number[]>>
/** A local platform with one bot in it, and people who use it. In the process that measures, so that none of its work is the bot's. */
export interface Town {
  walk(count: number): Promise<Waits>
  /** Messages that concern no bot. */
  chatter(count: number): Promise<void>
  /** What was delivered and called since the last time that this was asked. */
  counted(): { readonly deliveries: number; readonly calls: Readonly<Record<string, number>> }
  close(): Promise<void>
}
interface Work {
  cpuMs: number
  deliveries: number
}
export class Bot {
  readonly #name: string
  readonly #town: Town
  readonly #server: Server
  readonly #waits: Record<string, number[]> = {}
  readonly #residentMb: number[] = []
  readonly #walked: Work = { cpuMs: 0, deliveries: 0 }
  readonly #overheard: Work = { cpuMs: 0, deliveries: 0 }
  readonly #calls: Record<string, number> = {}
  #walks = 0

  constructor(name: string, town: Town, server: Server) {
    this.#name = name
    this.#town = town
    this.#server = server
  }
  /** The first walks pay for compilers and caches, and are not counted. */
  async warmUp(count: number): Promise<void> {
    await this.#town.walk(count)
    await this.#town.chatter(count)
    this.#town.counted()
    this.look()
  }
  async walk(count: number): Promise<void> {
    const calls = await this.#counting(this.#walked, async () => {
      for (const [name, ms] of Object.entries(await this.#town.walk(count))) this.#waits[name] = [...(this.#waits[name] ?? []), ...ms]
    })
    this.#walks += count
    for (const [method, times] of Object.entries(calls)) this.#calls[method] = (this.#calls[method] ?? 0) + times
  }
  async chatter(count: number): Promise<void> {
    await this.#counting(this.#overheard, () => this.#town.chatter(count))
  }
  /** Notes its memory. */
  look(): void {
    this.#residentMb.push(this.#server.memory().residentMb)
  }
  async #counting(work: Work, run: () => Promise<void>): Promise<Readonly<Record<string, number>>> {
    const before = this.#server.cpuMs()
    await run()
    work.cpuMs += this.#server.cpuMs() - before
    const { deliveries, calls } = this.#town.counted()
    work.deliveries += deliveries
    return calls
  }
  figures() {
    const each = (n: number) => rounded(n / this.#walks)
    const waits: Readonly<Record<string, Spread>> = Object.fromEntries(Object.entries(this.#waits).map(([name, ms]) => [name, spread(ms)]))
    return {
      name: this.#name,
      waitsMs: waits,
      cpuMsPerWalk: each(this.#walked.cpuMs),
      eventsPerWalk: each(this.#walked.deliveries),
      cpuMsPerWalkEvent: rounded(this.#walked.cpuMs / this.#walked.deliveries),
      cpuMsPerChatter: this.#overheard.deliveries === 0 ? null : Math.round((1_000 * this.#overheard.cpuMs) / this.#overheard.deliveries) / 1_000,
      cpuMsPerEvent: rounded((this.#walked.cpuMs + this.#overheard.cpuMs) / (this.#walked.deliveries + this.#overheard.deliveries)),
      callsPerWalk: each(Object.values(this.#calls).reduce((a, b) => a + b, 0)),
      calls: Object.fromEntries(Object.entries(this.#calls).map(([method, times]) => [method, each(times)])),
      residentMb: this.#residentMb,
      peakMb: this.#server.memory().peakMb,
    }
  }
}
