// One local Discord: its tables, its time, its settings. Everything else in this folder is a function of it.
import { Faults } from "./faults.ts"
import type { Gateway } from "./gateway/gateway.ts"
import type { Interactions } from "./interactions.ts"
import type { App, Fields } from "./state.ts"
import { Time } from "./time.ts"
import { World } from "./world.ts"

/** What a test may set at the start and change while it runs. */
export interface Settings {
  /** When an app hears of its own messages: before the API's reply, after it, or never. The real one promises no order. */
  ownEvents: "before-reply" | "after-reply" | "never"
  /** How long an interaction waits for its first answer: Discord's three seconds. A test on a busy machine wants more, or a clock of its own. */
  interactionDeadlineMs: number
  /** How long a nonce is remembered. Discord says "the past few minutes". */
  nonceWindowMs: number
  /** Buckets, the 50 a second and the ban. Headers are there anyway, with room left while this is off. */
  rateLimits: "enforced" | "off"
  /** Invalid requests (401, 403, 429) in ten minutes before Discord bans the address. */
  invalidRequestLimit: number
  /** Edits an hour, in one channel, of messages older than an hour. Discord publishes no number. */
  oldEditsPerHour: number
  /** Whether new connections are let in. */
  gateway: "up" | "down"
  heartbeatIntervalMs: number
  /** Whether heartbeats are answered. A connection that is not is dead to the client. */
  heartbeats: "answered" | "ignored"
  /** How long a lost session may come back. */
  resumeWindowMs: number
  /** From so many servers on, a connection that is not sharded is closed with 4011. */
  shardingFrom: number
  /** What GET /gateway/bot recommends. */
  shards: number
  /** IDENTIFY a day, and whether two within five seconds are refused. */
  identifiesPerDay: number
  identifyConcurrency: "enforced" | "off"
}
const usual: Settings = {
  ownEvents: "after-reply",
  interactionDeadlineMs: 3_000,
  nonceWindowMs: 5 * 60_000,
  rateLimits: "off",
  invalidRequestLimit: 10_000,
  oldEditsPerHour: 20,
  gateway: "up",
  heartbeatIntervalMs: 41_250,
  heartbeats: "answered",
  resumeWindowMs: 3 * 60_000,
  shardingFrom: 2_500,
  shards: 1,
  identifiesPerDay: 1_000,
  identifyConcurrency: "off",
}
export interface Call {
  readonly method: string
  /** `POST /channels/{channel}/messages`, or `unknown`. */
  readonly route: string
  /** Without the token that interaction routes carry. */
  readonly path: string
  readonly app: App | null
  readonly body: Fields
  readonly at: number
  /** Null until answered; still null when the answer was lost. */
  status: number | null
  /** Discord's error code, or the fault that hit it. */
  outcome: string
}

export class Core {
  readonly world = new World()
  readonly faults = new Faults()
  readonly time: Time
  readonly settings: Settings
  readonly calls: Call[] = []
  /** Told of each call when it has been dealt with. */
  readonly watchers = new Set<(call: Call) => void>()
  /** Filled by the parts that need the core. */
  gateway!: Gateway
  interactions!: Interactions
  origin = ""

  constructor(settings: Partial<Settings>, now: (() => number) | null) {
    this.time = new Time(now)
    this.settings = { ...usual, ...settings }
  }
}
