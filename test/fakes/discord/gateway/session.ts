// One session of one app: its number, what it was told, and the connection that carries it at the moment, if any.
import { randomBytes } from "node:crypto"
import type { WebSocket } from "ws"
import { shardOf } from "../snowflake.ts"
import type { App, Fields } from "../state.ts"
import type { Event } from "./intents.ts"

interface Told {
  readonly seq: number
  readonly frame: string
}
/** More than that and the session could not come back. */
const mostKept = 2_000

export class Session {
  readonly id = randomBytes(16).toString("hex")
  readonly app: App
  readonly intents: number
  readonly shard: readonly [number, number]
  socket: WebSocket | null
  #seq = 0
  readonly #told: Told[] = []

  constructor(app: App, intents: number, shard: readonly [number, number], socket: WebSocket) {
    this.app = app
    this.intents = intents
    this.shard = shard
    this.socket = socket
  }
  get seq(): number {
    return this.#seq
  }
  hears(event: Event): boolean {
    if (event.intents !== 0 && (event.intents & this.intents) === 0) return false
    const [mine, all] = this.shard
    return (event.guild === null ? 0 : shardOf(event.guild.id, all)) === mine
  }
  /** Numbered and kept, connected or not: a RESUME asks for it. */
  tell(name: string, body: Fields): void {
    this.#seq += 1
    const frame = JSON.stringify({ op: 0, t: name, s: this.#seq, d: body })
    this.#told.push({ seq: this.#seq, frame })
    if (this.#told.length > mostKept) this.#told.shift()
    this.socket?.send(frame)
  }
  /** False when it is too long ago. */
  knows(seq: number): boolean {
    return seq >= (this.#told[0]?.seq ?? 1) - 1
  }
  replay(after: number, socket: WebSocket): void {
    this.socket = socket
    for (const told of this.#told) if (told.seq > after) socket.send(told.frame)
  }
}
