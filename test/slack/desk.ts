// Where what goes out is tested: a whole Slack, its outbound, and permits from a real walk.
import { afterEach, beforeEach } from "@jest/globals"
import { outbound } from "../../adapters/slack/outbound.ts"
import type { PersonId, Place } from "../../src/core/domain.ts"
import type { PublishPermit } from "../../src/core/permit.ts"
import { FakeClock } from "../fakes/clock.ts"
import type { Call } from "../fakes/slack/core.ts"
import type { Message } from "../fakes/slack/state.ts"
import { catchPermit } from "../harness/permits.ts"
import { silentLog } from "../harness/walk.ts"
import { type House, openHouse } from "./house.ts"

export const answer = "Restart the **runner** <!channel> & [see](https://wiki.example/runner) :rocket:\n\n```\nmake  run <x>\n```"
export interface Desk {
  house: House
  clock: FakeClock
  out: ReturnType<typeof outbound>
  question: Message
  place: Place
  rin: PersonId
  permit(text?: string, at?: Place): Promise<PublishPermit>
  calls(method: string): readonly Call[]
}
/** A new one for each test of a file; closed after it. */
export function desk(): Desk {
  const at = {} as Desk
  const closing: (() => Promise<void>)[] = []
  beforeEach(async () => {
    const clock = new FakeClock()
    const house = await openHouse({ clock })
    closing.push(() => house.close())
    const question = house.bo.says(house.infra, "How do I restart it?")
    Object.assign(at, {
      ...{ house, clock, question, out: outbound(house.platform.clients, clock, silentLog) },
      ...{ place: house.place(house.infra, question), rin: house.personId(house.rin) },
      calls: (method: string) => house.slack.calls.filter((c) => c.method === method),
      async permit(text = answer, place = at.place) {
        const member = { person: at.rin, name: "Rin *the* <!here>", auth: "slack" as const }
        const on = { platform: house.platform, clock, place, message: `${place.channel}:${question.ts}`, member, answer: text }
        return (await catchPermit(on, closing)).permit
      },
    })
  })
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close()
  })
  return at
}
