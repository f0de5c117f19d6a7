// One local Slack with one bot in it, and what people do there: mention, read the card, click, read the post; and talk that concerns
// no bot. It runs in the process that measures, so that none of its work counts as the bot's. 200 people, each in a channel of their
// own: nobody asks twice in the seconds for which a bot might remember them.
import { neededScopes, scopesOfEvents } from "../adapters/slack/scopes.ts"
import type { Call } from "../test/fakes/slack/core.ts"
import type { Person } from "../test/fakes/slack/person.ts"
import { startSlack } from "../test/fakes/slack/slack.ts"
import type { Channel, Message } from "../test/fakes/slack/state.ts"
import type { Town } from "./bot.ts"
import { question } from "./walks.ts"

export type By = "socket" | "http"
/** What a bot of either kind needs to know. */
export interface Door {
  readonly by: By
  readonly apiUrl: string
  readonly botToken: string
  readonly appToken: string
  readonly signingSecret: string
}
export interface BareSettings extends Door {
  /** A folder for its steps; null: it keeps nothing. */
  readonly durable: string | null
  readonly asks: boolean
}
export interface SlackTown extends Town {
  readonly door: Door
  /** Over HTTP: where the bot listens. */
  at(origin: string): void
}
const residents = 200
const sends = ["chat.postMessage", "chat.update"]

export async function openTown(by: By): Promise<SlackTown> {
  // On a machine that is busy an event is late, not lost: a second delivery would be counted as a second event.
  const slack = await startSlack({ deadlineMs: 60_000 })
  const team = slack.team({ id: "T0ACME", name: "Acme" })
  const app = slack.app({ socketMode: by === "socket", events: Object.keys(scopesOfEvents), commands: ["/countersign"] })
  const bot = slack.install(app, team, neededScopes)
  const rooms = Array.from({ length: residents }, (_, i) => {
    const person = slack.person({ team, name: `Rin ${i}` })
    return { person, channel: slack.channel({ team, name: `infra-${i}`, members: [person, bot] }) }
  })
  let turn = 0
  let waiting: { readonly fits: (call: Call) => boolean; go(): void }[] = []
  slack.watch((call) => {
    const met = waiting.filter((w) => w.fits(call))
    waiting = waiting.filter((w) => !met.includes(w))
    for (const w of met) w.go()
  })
  /** When the bot has made a call that fits; the time of that moment. */
  const when = (fits: (call: Call) => boolean) => new Promise<number>((resolve) => waiting.push({ fits, go: () => resolve(performance.now()) }))
  async function one(person: Person, channel: Channel): Promise<readonly [number, number]> {
    const direct = person.dmWith()
    const shows = (words: string) => (call: Call) =>
      call.outcome === "ok" && sends.includes(call.method) && JSON.stringify(direct.messages.at(-1)?.blocks ?? []).includes(words)
    const card = when(shows('"action_id":"approve"'))
    const asked = performance.now()
    person.mention(channel, question)
    const mention = (await card) - asked
    await slack.quiet()

    const post = when((call) => call.outcome === "ok" && call.method === "chat.postMessage" && call.args["channel"] === channel.id)
    const settled = when(shows("Posted"))
    const clicked = performance.now()
    const answered = person.clicks(direct.messages.at(-1) as Message, "approve")
    const click = (await post) - clicked
    const { attempt } = await answered
    if (attempt.outcome !== "acknowledged") throw new Error(`a click was not acknowledged: ${attempt.outcome}`)
    await settled
    await slack.quiet()
    return [mention, click]
  }

  return {
    door: { by, apiUrl: slack.url, botToken: bot.botToken, appToken: app.appToken, signingSecret: app.signingSecret },
    at(origin) {
      const url = `${origin}/slack/events`
      Object.assign(app.urls, { events: url, interactivity: url, commands: url })
    },
    async walk(count) {
      const [mentions, clicks]: [number[], number[]] = [[], []]
      for (let i = 0; i < count; i += 1) {
        const room = rooms[turn++ % residents]
        if (room === undefined) throw new Error("there is nobody in town")
        const [mention, click] = await one(room.person, room.channel)
        mentions.push(mention)
        clicks.push(click)
      }
      return { "mention → card": mentions, "click → post": clicks }
    },
    async chatter(count) {
      for (let i = 0; i < count; i += 1) {
        const room = rooms[turn++ % residents]
        room?.person.says(room.channel, "I have moved the dashboards to the new cluster; tell me when something looks wrong.")
        await slack.quiet()
      }
    },
    counted() {
      const calls: Record<string, number> = {}
      for (const { method } of slack.calls) calls[method] = (calls[method] ?? 0) + 1
      const deliveries = slack.deliveries.length
      slack.forget()
      return { deliveries, calls }
    },
    close: () => slack.close(),
  }
}
