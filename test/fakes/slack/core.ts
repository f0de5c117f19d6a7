// One local Slack: its tables, its time, its settings. Everything else in this folder is a function of it.
import type { Delivery } from "./deliver/delivery.ts"
import { Faults } from "./faults.ts"
import type { Notification } from "./normalise.ts"
import type { App, Fields, Install, Message } from "./state.ts"
import { Time } from "./time.ts"
import type { Views } from "./views.ts"
import { World } from "./world.ts"

/** What a test may set at the start and change while it runs. */
export interface Settings {
  /** The size from which on metadata is refused. Slack publishes none. */
  maxMetadataBytes: number
  /** When an app hears of its own posts: before the API's reply, after it, or never. The real one promises no order. */
  ownEvents: "before-reply" | "after-reply" | "never"
  /** `conversations.history` and `.replies` see a message only so long after it was posted. */
  historyLagMs: number
  /** Never more than so many objects on a page, whatever was asked for. */
  maxPage: number
  /** Slack's tiers: more calls a minute than a method allows are answered 429. */
  rateLimits: "enforced" | "off"
  /** Events are held back until `slack.release()`. */
  events: "flow" | "held"
  /** Which of the workspaces that one install serves in a channel an event names. The real one promises nothing. */
  names: "first" | "last"
  /** Real seconds before a delivery counts as not acknowledged. */
  deadlineMs: number
}
export interface Call {
  readonly method: string
  app: string | null
  team: string | null
  readonly args: Fields
  readonly at: number
  /** `ok`, Slack's error code, or the fault that hit it. */
  outcome: string
}
export interface Rung extends Notification {
  readonly message: Message
  readonly where: "text" | "blocks"
}

export class Core {
  readonly world = new World()
  readonly faults = new Faults()
  readonly time: Time
  readonly settings: Settings
  readonly calls: Call[] = []
  readonly deliveries: Delivery[] = []
  /** Told of each call when it has been dealt with. */
  readonly watchers = new Set<(call: Call) => void>()
  /** Everyone whom some message would have called: `<!channel>` and the like. */
  readonly rung: Rung[] = []
  /** Filled by the parts that need the core. */
  views!: Views
  /** Sends an event to one app, by its transport; resolves with the first try. */
  send!: (app: App, body: Fields) => Promise<unknown>
  origin = ""

  constructor(wall: () => number, settings: Partial<Settings>) {
    this.time = new Time(wall)
    this.settings = {
      maxMetadataBytes: 2_000,
      ownEvents: "after-reply",
      historyLagMs: 0,
      maxPage: 999,
      rateLimits: "off",
      events: "flow",
      names: "first",
      deadlineMs: 3_000,
      ...settings,
    }
  }
  app(id: string): App {
    const found = this.world.apps.get(id)
    if (found === undefined) throw new Error(`no app ${id} in the local Slack`)
    return found
  }
  installOf(app: App, team: string): Install | undefined {
    return this.world.installs.find((i) => i.app === app && this.world.serves(i, team))
  }
  wsOrigin(): string {
    return this.origin.replace(/^http/, "ws")
  }
}
