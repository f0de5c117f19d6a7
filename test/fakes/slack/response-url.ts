// response_url: half an hour, five uses. By default for the person alone; `in_channel` is a public post past membership and scopes,
// kept with `via: "response_url"` so that tests catch it.
import { checkBlocks } from "./checks/blocks.ts"
import { isFields } from "./checks/problem.ts"
import type { Core } from "./core.ts"
import { changed, deleted, posted, snapshot } from "./events.ts"
import { kept, keptBlocks } from "./normalise.ts"
import { put, takeOut } from "./post.ts"
import { type Ephemeral, type Fields, type Install, type Message, secret } from "./state.ts"

const livesMs = 30 * 60_000
const mostUses = 5
interface Link {
  readonly install: Install
  readonly channel: string
  readonly user: string
  readonly over: Message | Ephemeral | null
  readonly until: number
  uses: number
}

export class ResponseUrls {
  readonly #core: Core
  readonly #links = new Map<string, Link>()
  constructor(core: Core) {
    this.#core = core
  }
  make(install: Install, channel: string, user: string, over: Message | Ephemeral | null): string {
    const id = `${install.team?.id ?? install.enterprise?.id}/${secret(6)}/${secret(12)}`
    this.#links.set(id, { install, channel, user, over, until: this.#core.time.elapsed() + livesMs, uses: 0 })
    return `${this.#core.origin}/actions/${id}`
  }
  /** Status and body. */
  use(id: string, body: Fields | null): { status: number; text: string } {
    const link = this.#links.get(id)
    const no = (status: number, error: string) => ({ status, text: JSON.stringify({ ok: false, error }) })
    if (link === undefined) return no(404, "invalid_url")
    if (link.until < this.#core.time.elapsed()) return no(404, "expired_url")
    if (link.uses >= mostUses) return no(404, "used_url")
    if (body === null) return no(400, "invalid_payload")
    const error = this.apply(link, body)
    if (error !== null) return no(400, error)
    link.uses += 1
    return { status: 200, text: "ok" }
  }
  /** Also for what a slash command says with its acknowledgement. Gives Slack's error, or null. */
  apply(link: Pick<Link, "install" | "channel" | "user" | "over">, body: Fields): string | null {
    const channel = this.#core.world.channel(link.channel)
    // The screen may have been old: what counts is what stands there now.
    const over = channel.byTs.get(link.over?.ts ?? "") ?? channel.ephemerals.find((m) => m.ts === link.over?.ts) ?? null
    if (body["delete_original"] === true) {
      if (over === null) return "no_original_message"
      if (isEphemeral(over)) channel.ephemerals.splice(channel.ephemerals.indexOf(over), 1)
      else {
        takeOut(channel, over)
        deleted(this.#core, over, snapshot(over))
      }
      return null
    }
    const blocks = body["blocks"]
    if (blocks !== undefined && checkBlocks(blocks, "message").length > 0) return "invalid_blocks"
    const text = typeof body["text"] === "string" ? kept(body["text"], "link") : ""
    const keptOnes = Array.isArray(blocks) && blocks.length > 0 ? keptBlocks(blocks.filter(isFields)) : null
    if (text === "" && keptOnes === null) return "no_text"
    if (body["replace_original"] === true && over !== null) {
      const before = isEphemeral(over) ? null : snapshot(over)
      Object.assign(over, { text, blocks: keptOnes })
      if (before !== null && !isEphemeral(over)) changed(this.#core, over, before)
      return null
    }
    const threadTs = typeof body["thread_ts"] === "string" ? body["thread_ts"] : over !== null && isEphemeral(over) ? over.threadTs : null
    const { install } = link
    if (body["response_type"] === "in_channel") {
      const bot = { botId: install.botId, appId: install.app.id, name: install.app.name }
      const team = install.team?.id ?? channel.team
      void posted(
        this.#core,
        put(this.#core, channel, { user: install.botUserId, team, bot, text, blocks: keptOnes, threadTs, via: "response_url" }),
        "all",
      )
    } else {
      const ts = this.#core.time.ts()
      channel.ephemerals.push({ ts, channel: channel.id, to: link.user, appId: install.app.id, threadTs, text, blocks: keptOnes })
    }
    return null
  }
}
export const isEphemeral = (m: Message | Ephemeral): m is Ephemeral => "to" in m
