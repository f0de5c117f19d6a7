// One local Discord with one bot in it, and what people do there: ask by the menu of a message or by a mention, read the card, click, read
// the post; and talk that concerns no bot. It runs in the process that measures, so that none of its work counts as the bot's. 200
// people, each in a channel of their own: nobody asks twice in the seconds for which a bot might remember them.
import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises"
import { menu } from "../adapters/discord/command-list.ts"
import type { Call } from "../test/fakes/discord/core.ts"
import { startDiscord } from "../test/fakes/discord/discord.ts"
import type { Person } from "../test/fakes/discord/person.ts"
import type { Channel, Message } from "../test/fakes/discord/state.ts"
import type { Town } from "./bot.ts"
import { question } from "./walks.ts"

/** What a bot of either kind needs to know. */
export interface Door {
  readonly token: string
  readonly apiUrl: string
}
export interface BareSettings extends Door {
  /** A folder for its steps; null: it keeps nothing. */
  readonly durable: string | null
  readonly asks: boolean
  /** The name of the command in the menu of a message. */
  readonly command: string
}
export interface DiscordTown extends Town {
  readonly door: Door
  /** Resolves when the bot has its commands. */
  met(): Promise<void>
}
const residents = 200
// Discord takes 50 calls a second from a bot, and discord.js waits when they are used up. The waits of people are measured, not that one:
// a walk begins when there is room for it.
const roomFor = 20
const afterMs = 50

export async function openTown(): Promise<DiscordTown> {
  // On a machine that is busy an acknowledgement is late, not lost.
  const discord = await startDiscord({ interactionDeadlineMs: 60_000 })
  const app = discord.app({ name: "Countersign" })
  const acme = discord.guild({ name: "Acme", owner: discord.person({ name: "Owner" }) })
  discord.install(app, acme, ["VIEW_CHANNEL", "SEND_MESSAGES", "SEND_MESSAGES_IN_THREADS", "READ_MESSAGE_HISTORY"])
  const rooms = Array.from({ length: residents }, (_, i) => ({
    person: discord.person({ name: `Rin ${i}`, guilds: [acme] }),
    channel: discord.channel(acme, { name: `infra-${i}` }),
  }))
  let walked = 0
  let told = 0
  let called: number[] = []
  let waiting: { readonly fits: (call: Call) => boolean; go(): void }[] = []
  discord.watch((call) => {
    called.push(performance.now())
    const met = waiting.filter((w) => call.outcome === "ok" && w.fits(call))
    waiting = waiting.filter((w) => !met.includes(w))
    for (const w of met) w.go()
  })
  /** When the bot has made a call that fits; the time of that moment. */
  const when = (fits: (call: Call) => boolean) => new Promise<number>((resolve) => waiting.push({ fits, go: () => resolve(performance.now()) }))
  async function room(): Promise<void> {
    for (;;) {
      called = called.filter((at) => performance.now() - at < 1_000)
      if (called.length <= roomFor) return
      await sleep(10)
    }
  }
  /** What follows from it has been done, too. */
  async function calm(): Promise<void> {
    await discord.read()
    await sleep(afterMs)
    await discord.read()
  }
  async function one(person: Person, channel: Channel, by: "command" | "mention"): Promise<readonly [number, number]> {
    const newest = () => (by === "command" ? person.ephemeralsIn(channel) : person.dm).at(-1)
    const shows = (words: string) => () => JSON.stringify(newest()?.components ?? []).includes(words)
    const asks = by === "command" ? person.says(channel, question) : null
    if (asks !== null) await discord.read()
    const card = when(shows('"custom_id":"approve'))
    const asked = performance.now()
    const acknowledged = asks === null ? null : person.messageCommand(menu.draft, asks)
    if (asks === null) person.mention(channel, question)
    const waited = (await card) - asked
    if (acknowledged !== null) mustBe(await acknowledged)
    await discord.read()

    const message = newest() as Message
    const post = when((call) => call.route === "POST /channels/{channel}/messages" && call.path.includes(`/${channel.id}/`))
    const settled = when(shows("Posted"))
    const clicked = performance.now()
    const answered = person.clicks(message, /"custom_id":"(approve[^"]*)"/.exec(JSON.stringify(message.components))?.[1] ?? "")
    const click = (await post) - clicked
    mustBe(await answered)
    await settled
    await discord.read()
    return [waited, click]
  }

  return {
    door: { token: app.token, apiUrl: discord.url },
    async met() {
      while (app.commands.size === 0) await sleep(10)
    },
    async walk(count) {
      const waits: Record<"command" | "mention" | "click", number[]> = { command: [], mention: [], click: [] }
      for (let i = 0; i < count; i += 1) {
        const by = walked % 2 === 0 ? "command" : "mention"
        const at = rooms[walked++ % residents]
        if (at === undefined) throw new Error("there is nobody in town")
        await room()
        const [waited, click] = await one(at.person, at.channel, by)
        waits[by].push(waited)
        waits.click.push(click)
      }
      await calm()
      return { "message command → card": waits.command, "mention → card": waits.mention, "click → post": waits.click }
    },
    async chatter(count) {
      for (let i = 0; i < count; i += 1) {
        const at = rooms[(walked + i) % residents]
        at?.person.says(at.channel, "I have moved the dashboards to the new cluster; tell me when something looks wrong.")
        await turn()
      }
      await calm()
    },
    counted() {
      const calls: Record<string, number> = {}
      for (const { route } of discord.calls) calls[route] = (calls[route] ?? 0) + 1
      discord.forget()
      const deliveries = discord.told - told
      told = discord.told
      return { deliveries, calls }
    },
    close: () => discord.close(),
  }
}
function mustBe({ outcome }: { readonly outcome: string }): void {
  if (outcome !== "acknowledged") throw new Error(`an interaction was not acknowledged: ${outcome}`)
}
