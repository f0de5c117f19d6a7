// A stop does not depend on Slack saying who asks for it: when Slack does not answer, it stops.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { Fault } from "../fakes/slack/faults.ts"
import { type House, openHouse } from "./house.ts"

let h: House
beforeEach(async () => {
  h = await openHouse()
})
afterEach(() => h.close())
const doors = () => h.flow.inbox.doors({ workspace: h.workspace, channel: h.infra.id })

const faults: readonly Fault[] = [{ retryAfterSeconds: 30 }, "500"]
test.each(faults.flatMap((fault) => (["slash", "mention"] as const).map((way) => [JSON.stringify(fault), way, fault] as const)))(
  "users.info answers %s to a stop by %s: it stands",
  async (_fault, way, fault) => {
    h.slack.failNext("users.info", fault, fault, fault, fault)
    if (way === "slash") await h.rin.slash("/countersign", "stop", h.infra)
    else h.rin.mention(h.infra, "stop")
    await h.settled()
    expect(await doors()).toHaveLength(1)
  },
)
test("and nobody resumes so", async () => {
  await h.rin.slash("/countersign", "stop", h.infra)
  h.slack.failNext("users.info", { retryAfterSeconds: 30 }, { retryAfterSeconds: 30 }, { retryAfterSeconds: 30 })
  await h.mira.slash("/countersign", "resume", h.infra).catch(() => undefined)
  await h.settled()
  expect(await doors()).toHaveLength(1)
})
