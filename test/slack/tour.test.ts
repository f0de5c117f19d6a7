// Three people and a guest press everything there is in Slack, against the program as it is started, over both transports.
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { readSlack } from "../../src/label/read/slack.ts"
import { type Server, useProgram } from "../cli/program.ts"
import type { Person } from "../fakes/slack/person.ts"
import type { Message } from "../fakes/slack/state.ts"
import type { View } from "../fakes/slack/views.ts"
import { type By, openTown, posts, type Town } from "./house.ts"

const program = useProgram()
const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
/** Slack has no event for "somebody sees it now": looked for until the test's own time is over. */
async function until<T>(look: () => T | undefined | null | false): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined && found !== null && found !== false) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
const says = (on: Message | View | null) => (on === null ? "" : JSON.stringify("definition" in on ? on.definition : [on.blocks, on.text]))
const patience = 240_000

describe.each(["socket", "http"] as const)("by %s", (by: By) => {
  let town: Town
  let server: Server
  beforeEach(async () => {
    const folder = program.folder()
    town = await openTown({ by, now: Date.now })
    closing.push(() => town.slack.close())
    const hears = by === "socket" ? { SLACK_APP_TOKEN: town.app.appToken } : { SLACK_SIGNING_SECRET: town.app.signingSecret }
    const admins = `admins: ["${town.personId(town.mira)}"]`
    writeFileSync(join(folder, "countersign.yml"), admins)
    server = await program.start(folder, { ...hears, SLACK_BOT_TOKEN: town.install.botToken, SLACK_API_URL: town.slack.url })
    const events = `${server.origin}/slack/events`
    Object.assign(town.app.urls, { events, interactivity: events, commands: events })
  })
  const card = (who: Person, words = '"approve"') => until(() => who.dm.findLast((m) => m.bot !== null && says(m).includes(words)))
  const modal = (who: Person, id: string) => until(() => (says(who.modal).includes(`"callback_id":"${id}"`) ? who.modal : null))
  const toldIn = (who: Person, words: string) => until(() => who.ephemeralsTo(town.infra).find((e) => e.text.includes(words)))
  const fieldOf = (view: View) => says(view).match(/"block_id":"(text:0:[^"]+)"/)?.[1] ?? ""

  test(
    "from a question to a retraction",
    async () => {
      const { rin, bo, mira, gus, infra } = town
      // Bo asks people; Rin uses the bot on it, redrafts, edits, reviews and approves.
      const question = bo.says(infra, "how do I stop posting?")
      await rin.shortcut("draft_answer", question)
      const first = { ...(await card(rin)) }
      expect(says(first)).toContain("#infra")
      expect(bo.dm).toEqual([])
      await rin.clicks(first, "redraft")
      await rin.submits(await modal(rin, "redraft_modal"), { words: "resume" })
      const second = await card(rin, "revision 2")
      await rin.clicks(await until(() => (says(second).includes('"edit"') ? second : null)), "edit")
      const edit = await modal(rin, "edit_modal")
      expect(await rin.submits(edit, { [fieldOf(edit)]: "Press *Stop* in the app's Home. ".repeat(50) })).toMatchObject({ outcome: "closed" })
      const third = await card(rin, "revision 3")
      await rin.clicks(third, says(third).includes('"review"') ? "review" : "approve")
      if (rin.modal !== null) await rin.submits(await modal(rin, "review_modal"), {})
      const post = await until(() => posts(town)[0])
      expect(post).toMatchObject({ channel: infra.id, threadTs: question.ts, unfurl: { links: false, media: false } })
      expect(readSlack(rin.json(post)).between).toContain("in the app's Home")
      // Readers say what they think; whoever approved hears of it.
      await bo.shortcut("report_answer", post)
      expect(await bo.submits(await modal(bo, "report_modal"), { words: "There is no such button." })).toMatchObject({ outcome: "closed" })
      await card(rin, "Somebody reported a problem")
      await mira.shortcut("acted_on", post)
      await toldIn(mira, "You are told if this answer is retracted")
      await bo.shortcut("report_answer", question)
      await toldIn(bo, "That is not a post of Countersign")
      // A guest asks nothing.
      gus.mention(infra, "and I?")
      await toldIn(gus, "Guests cannot ask")
      // App Home: Rin takes it back, and whoever acted on it is told.
      await rin.opensHome()
      const home = await until(() => (says(rin.home).includes('"retract"') ? rin.home : null))
      await rin.clicks(home, "retract")
      expect(await rin.submits(await modal(rin, "retract_modal"), { reason: "wrong", words: "see the thread" })).toMatchObject({ outcome: "closed" })
      await until(() => says(posts(town)[0] ?? null).includes("Retracted by Rin: wrong advice"))
      await card(mira, "An answer that you acted on was retracted: wrong advice")
      expect(posts(town)).toHaveLength(1)
    },
    patience,
  )

  test(
    "the switch, the queue, a thread and a direct message",
    async () => {
      const { rin, bo, mira, infra } = town
      // In a thread: only Rin's own card, and a pointer in the thread.
      const root = bo.says(infra, "posting")
      bo.says(infra, "how do I stop it?", { thread: root })
      rin.mention(infra, "how do I stop posting?", { thread: root })
      const waiting = { ...(await card(rin)) }
      await until(() => rin.sees(root).find((m) => "to" in m && JSON.stringify(m.blocks).includes("Only you can see this")))
      await rin.slash("/countersign", "queue", infra)
      await toldIn(rin, "One draft waits for you")
      // Bo stops everything from App Home; Rin's old card posts nothing.
      await bo.opensHome()
      const home = await until(() => (says(bo.home).includes('"stop"') ? bo.home : null))
      await bo.clicks(home, "stop")
      await until(() => says(bo.home).includes("Stopped in this workspace by Bo"))
      await rin.clicks(waiting, "approve")
      await card(rin, "Countersign is stopped here")
      // Only an admin is offered to go on.
      expect(says(bo.home)).not.toContain('"resume"')
      expect(says(bo.home)).toContain("An admin can resume")
      await mira.opensHome()
      await mira.clicks(await until(() => (says(mira.home).includes('"resume"') ? mira.home : null)), "resume")
      await until(() => says(mira.home).includes("Posting is open"))
      expect(posts(town)).toEqual([])
      await rin.clicks(await card(rin), "approve")
      await until(() => posts(town)[0])
      // A direct message is answered there.
      const said = bo.tells("how do I stop posting?")
      await bo.clicks(await card(bo), "approve")
      const answer = await until(() => posts(town)[1])
      expect(answer).toMatchObject({ channel: said.channel, threadTs: said.ts })
      await card(bo, "Posted")
      // Discarded, nothing appears.
      bo.mention(infra, "how do I stop posting?")
      await bo.clicks(await until(() => bo.dm.findLast((m) => says(m).includes('"discard"'))), "discard")
      await card(bo, "Discarded")
      expect(posts(town)).toHaveLength(2)
    },
    patience,
  )
})
