// A bot under measurement: its process, its town, and what was measured of it so far.
import { rounded, spread } from "./figures.ts"
import type { Server } from "./process.ts"
import type { Town } from "./slack-town.ts"

interface Work {
  cpuMs: number
  deliveries: number
}
export class Bot {
  readonly #name: string
  readonly #town: Town
  readonly #server: Server
  readonly #mention: number[] = []
  readonly #click: number[] = []
  readonly #residentMb: number[] = []
  readonly #walked: Work = { cpuMs: 0, deliveries: 0 }
  readonly #overheard: Work = { cpuMs: 0, deliveries: 0 }
  readonly #calls: Record<string, number> = {}

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
      const { mention, click } = await this.#town.walk(count)
      this.#mention.push(...mention)
      this.#click.push(...click)
    })
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
    const walks = this.#click.length
    const each = (n: number) => rounded(n / walks)
    return {
      name: this.#name,
      mentionMs: spread(this.#mention),
      clickMs: spread(this.#click),
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
