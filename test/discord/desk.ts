// Where what goes out is tested: a local Discord, a discord.js client that only hands over interactions, the outbound, and permits from
// a real walk. Nothing of the adapter's ear is here.
import { afterEach, beforeEach } from "@jest/globals"
import { type Answering, type Answers, answers, firstAnswer } from "../../adapters/discord/answering.ts"
import { budget } from "../../adapters/discord/budget.ts"
import { calledIn } from "../../adapters/discord/called.ts"
import { closeClients, restClients } from "../../adapters/discord/clients.ts"
import type { Outbound } from "../../adapters/discord/context.ts"
import { messageIdOf, personOf, placeOf } from "../../adapters/discord/ids.ts"
import { can, outbound } from "../../adapters/discord/outbound.ts"
import { render } from "../../adapters/discord/render.ts"
import type { Wire } from "../../adapters/discord/wire.ts"
import type { Card } from "../../src/core/card.ts"
import type { PersonId, Place } from "../../src/core/domain.ts"
import type { PublishPermit } from "../../src/core/permit.ts"
import type { Platform } from "../../src/core/ports.ts"
import { FakeClock } from "../fakes/clock.ts"
import type { Call } from "../fakes/discord/core.ts"
import type { Message } from "../fakes/discord/state.ts"
import { catchPermit } from "../harness/permits.ts"
import { silentLog } from "../harness/walk.ts"
import { client, whenDone, world } from "./fake-world.ts"
import { perState } from "./states.ts"

export const answer = "Restart the **runner** @everyone [see](https://wiki.example/runner) :rocket:\n\n```sh\nmake  run <@1>\n```"
type World = Awaited<ReturnType<typeof world>>
export interface Desk extends World {
  clock: FakeClock
  wire: Wire
  answers: Answers
  out: Outbound
  question: Message
  place: Place
  ann: World["ann"]
  annId: PersonId
  /** Another way out on the same clients. */
  outOn(wire: Partial<Wire>): Outbound
  permit(text?: string, at?: Place, message?: string): Promise<PublishPermit>
  card(of?: Card): Card
  /** Ann asks by the menu of the question; the interaction, unanswered. */
  command(): Promise<Answering>
  /** The next interaction that comes of this, unanswered. */
  interaction(of: () => Promise<unknown>): Promise<Answering>
  calls(route: string): readonly Call[]
}
/** A new one for each test of a file; closed after it. */
export function desk(): Desk {
  const at = {} as Desk
  const closing: (() => Promise<void>)[] = []
  beforeEach(async () => {
    const w = await world()
    const clock = new FakeClock()
    const clients = restClients({ token: w.app.token, api: w.discord.url, budget: budget(clock, silentLog) })
    whenDone(() => closeClients(clients))
    const wire: Wire = { ...clients, applicationId: w.app.id, botUserId: w.app.user.id }
    const kept = answers(clock)
    const called = calledIn({ rest: clients.control, bot: w.app.user.id, roleIn: () => null })
    const outOn = (other: Partial<Wire>) => outbound({ wire: { ...wire, ...other }, answers: kept, calledIn: called, clock, log: silentLog })
    const question = w.bo.says(w.infra, "How do I restart it?")
    const place = placeOf(w.acme.id, w.infra.id, null)
    const annId = personOf(w.acme.id, w.ann.id)
    const out = outOn({})
    await out.setCommands([{ type: 3, name: "Draft an answer", contexts: [0] }])
    const heard: ((by: Answering) => void)[] = []
    const ears = await client(w.discord, w.app)
    ears.on("interactionCreate", ({ id, token }) => heard.shift()?.({ id, token, message: firstAnswer, at: clock.now() }))
    const interaction = (of: () => Promise<unknown>) => {
      const { promise, resolve } = Promise.withResolvers<Answering>()
      heard.push(resolve)
      void of()
      return promise
    }
    const message = messageIdOf({ channel: w.infra.id, message: question.id })
    Object.assign(at, {
      ...w,
      ...{ clock, wire, answers: kept, out, outOn, question, place, annId, interaction },
      command: () => interaction(() => w.ann.messageCommand("Draft an answer", question)),
      card: (of: Card = perState.drafted): Card => ({ ...of, workspace: place.workspace, place, message }),
      calls: (route: string) => w.discord.calls.filter((c) => c.route === route),
      async permit(text = answer, where = place, asked = message) {
        const member = { person: annId, name: "Ann_*the* @here", auth: "discord" as const }
        return (await catchPermit({ platform: quiet(), clock, place: where, message: asked, member, answer: text }, closing)).permit
      },
    } satisfies Partial<Desk>)
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  return at
}
/** A place where everybody is a member and nothing is heard: for permits, the walk needs no more. */
function quiet(): Platform {
  return {
    ...{ name: "discord", can, render },
    start: async () => undefined,
    stop: async () => undefined,
    thread: async (_place, id) => [{ id, author: "Bo", role: "question", text: "How do I restart it?", at: 0 }],
    audience: async () => ({ scope: "members", where: "#infra", title: null, who: "everyone in this server", people: 3 }),
    mayAct: async () => "member",
    publish: () => Promise.reject(new Error("not here")),
    findPosted: async () => "cannot-tell",
    withdraw: async () => "refused",
    async *sweep() {},
    show: async () => "unreachable",
    tell: async () => "unreachable",
    forget: async () => undefined,
  }
}
