// Slack as an operator has it: the program as it is started, beside the forum, with commands and the console next to it.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { Visitor } from "../../src/cli/demo/visitor.ts"
import { type Server, useProgram } from "../cli/program.ts"
import type { Message } from "../fakes/slack/state.ts"
import { openTown, posts, type Town } from "./house.ts"

const program = useProgram()
let town: Town
let folder: string
beforeEach(async () => {
  folder = program.folder()
  town = await openTown({ by: "socket", now: Date.now })
})
afterEach(() => town.slack.close())
const slack = () => ({ SLACK_BOT_TOKEN: town.install.botToken, SLACK_APP_TOKEN: town.app.appToken, SLACK_API_URL: town.slack.url })
const start = (): Promise<Server> => program.start(folder, slack())
const run = async (...args: string[]) => {
  const ended = await program.run(folder, [...args, "--json"])
  return { code: ended.code, said: JSON.parse(ended.out) as Record<string, unknown> }
}
/** Slack has no event for "somebody sees it now": looked for until the test's own time is over. */
async function until<T>(look: () => T | undefined): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
/** Done again and again, until it shows. */
async function again<T>(act: () => Promise<unknown>, look: () => T | undefined): Promise<T> {
  for (;;) {
    await act()
    const found = look()
    if (found !== undefined) return found
  }
}
const says = (m: Message) => JSON.stringify(m.blocks) + m.text
const dm = (words: string) => until(() => town.rin.dm.find((m) => says(m).includes(words)))
const approvable = () => until(() => town.rin.dm.findLast((m) => says(m).includes('"approve"')))
/** As it was on the screen: a copy, since it changes. */
async function card(): Promise<Message> {
  town.rin.mention(town.infra, "how do I stop posting?")
  return { ...(await approvable()) }
}
async function admin(server: Server): Promise<Visitor> {
  const ann = new Visitor("Ann", server.origin)
  await ann.send(await ann.open(server.entry), /enter/, { name: "Ann" })
  return ann
}
const patience = 180_000

describe("a stop from outside Slack", () => {
  test(
    "from the command line: it is acknowledged when what was on its way has arrived, and nothing follows",
    async () => {
      const server = await start()
      const seen = await card()
      const hold = town.slack.holdNext("chat.postMessage", "before")
      await town.rin.clicks(seen, "approve")
      await hold.arrived
      const stopping = run("stop", "--why", "a drill")
      await again(
        () => town.rin.slash("/countersign", "status", town.infra),
        () => town.rin.ephemeralsTo(town.infra).find((e) => e.text.includes("a drill")),
      )
      hold.release()
      expect(await stopping).toMatchObject({ code: 0, said: { sure: true } })
      expect(posts(town)).toHaveLength(1)
      town.rin.mention(town.infra, "and how do I go on?")
      await until(() => town.rin.ephemeralsTo(town.infra).find((e) => e.text.includes("Countersign is stopped here")))
      expect((await server.end()).code).toBe(0)
      expect(posts(town)).toHaveLength(1)
    },
    patience,
  )
  test(
    "from the console: a post that Slack put off is not posted afterwards, nor by a click, until an admin resumes",
    async () => {
      const server = await start()
      const seen = await card()
      const ann = await admin(server)
      town.slack.failNext("chat.postMessage", "429")
      await town.rin.clicks(seen, "approve")
      const anew = { ...(await until(() => town.rin.dm.find((m) => says(m).includes('"approve"') && says(m) !== says(seen)))) }
      await ann.send(await ann.open("/console"), /\/console\/stop$/, { workspace: "*", why: "odd answers" })
      await town.rin.clicks(anew, "approve")
      await dm("Countersign is stopped here")
      expect(posts(town)).toEqual([])
      await ann.send(await ann.open("/console"), /\/console\/resume$/)
      expect(posts(town)).toEqual([])
      await town.rin.clicks(await approvable(), "approve")
      await until(() => posts(town)[0])
      expect((await server.end()).code).toBe(0)
      expect(posts(town)).toHaveLength(1)
    },
    patience,
  )
  test(
    "of one workspace leaves the forum open",
    async () => {
      const server = await start()
      await card()
      expect(await run("stop", "--workspace", town.workspace)).toMatchObject({ code: 0, said: { sure: true } })
      expect(await run("status")).toMatchObject({
        said: { stops: [{ scope: { workspace: town.workspace, channel: null } }], waiting: { drafted: 1 } },
      })
      const ann = await admin(server)
      // As the command says it, so can the console.
      await ann.send(await ann.open("/console"), /\/console\/resume$/)
      expect(await run("status")).toMatchObject({ said: { stops: [] } })
      const board = await ann.open("/console")
      expect(board.html).toContain(`value="${town.workspace}"`)
      await ann.send(board, /\/console\/stop$/, { workspace: town.workspace })
      expect(await run("status")).toMatchObject({ said: { stops: [{ scope: { workspace: town.workspace, channel: null } }] } })
      const topic = await ann.send(await ann.open("/new"), /^\/new$/, { title: "How do I stop?", text: "How do I stop posting?" })
      const asked = await ann.send(topic, /^\/m\/[^/]+\/draft$/)
      expect(asked.status).toBe(200)
      expect(asked.html).not.toContain("is stopped here")
      await server.end()
    },
    patience,
  )
})

test(
  "the log verifies with Slack's facts in it; whoever is forgotten leaves no text, and is a stranger from then on",
  async () => {
    const server = await start()
    await town.rin.clicks(await card(), "approve")
    await dm("Posted")
    const before = await run("audit", "verify")
    expect(before).toMatchObject({ code: 0, said: { ok: true, workspaces: 1 } })
    expect(await run("forget", town.personId(town.rin))).toMatchObject({ code: 0, said: { requests: 1, left: [] } })
    expect(await run("audit", "verify")).toMatchObject({ code: 0, said: { ok: true } })
    expect(Number((await run("audit", "verify")).said["erased"])).toBeGreaterThan(0)
    town.slack.forget()
    town.rin.mention(town.infra, "again?")
    await until(() => town.rin.ephemeralsTo(town.infra).find((e) => e.text.includes("Only members of this place")))
    expect((await run("status")).said).toMatchObject({ waiting: {} })
    expect((await server.end()).code).toBe(0)
  },
  patience,
)

describe("ending while Slack is under work", () => {
  test(
    "a draft that was being written is written after the next start, once",
    async () => {
      const first = await start()
      const hold = town.slack.holdNext("conversations.replies", "before")
      town.rin.mention(town.infra, "how do I stop posting?")
      await hold.arrived
      const ending = first.end()
      hold.release()
      expect((await ending).code).toBe(0)
      expect(town.slack.connections(town.app)).toBe(0)
      const second = await start()
      await approvable()
      expect((await second.end()).code).toBe(0)
      expect(town.rin.dm.filter((m) => says(m).includes('"approve"'))).toHaveLength(1)
    },
    patience,
  )
  test(
    "a post that was on its way is recorded before the end, and is one after the next start",
    async () => {
      const first = await start()
      const seen = await card()
      const hold = town.slack.holdNext("chat.postMessage", "after")
      await town.rin.clicks(seen, "approve")
      await hold.arrived
      const ending = first.end()
      hold.release()
      expect((await ending).code).toBe(0)
      const second = await start()
      await dm("Posted")
      expect((await second.end()).code).toBe(0)
      expect(posts(town)).toHaveLength(1)
    },
    patience,
  )
  test(
    "killed in the middle of a post: the next start finds it and posts nothing again",
    async () => {
      const first = await start()
      const seen = await card()
      const hold = town.slack.holdNext("chat.postMessage", "after")
      await town.rin.clicks(seen, "approve")
      await hold.arrived
      await first.end("SIGKILL")
      hold.release()
      const second = await start()
      await dm("Posted")
      expect((await second.end()).code).toBe(0)
      expect(posts(town)).toHaveLength(1)
    },
    patience,
  )
})

test(
  "forum and Slack in one process know nothing of each other's drafts, queues and readers",
  async () => {
    const server = await start()
    const slackCard = await card()
    expect(says(slackCard)).toContain("#infra")
    const ann = await admin(server)
    const topic = await ann.send(await ann.open("/new"), /^\/new$/, { title: "How do I stop posting?", text: "How do I stop posting?" })
    const asked = await ann.send(topic, /^\/m\/[^/]+\/draft$/)
    let page = asked
    while (!/data-phase="review"/.test(page.html)) page = await ann.open(asked.url)
    expect(page.html).toMatch(/this topic/)
    const queue = await ann.open("/queue")
    expect(queue.html).not.toContain("#infra")
    await town.rin.slash("/countersign", "queue", town.infra)
    expect(town.rin.ephemeralsTo(town.infra).at(-1)?.text).toMatch(/^One draft waits for you/)
    await town.bo.slash("/countersign", "queue", town.infra)
    expect(town.bo.ephemeralsTo(town.infra).at(-1)?.text).toBe("Nothing waits for you.")
    // Whoever is in charge sees that both wait, and the words of neither.
    const board = await ann.open("/console")
    expect(board.html).toContain("Rin")
    expect(board.html).toContain("forum, slack")
    expect(await run("status")).toMatchObject({ said: { waiting: { drafted: 2 } } })
    expect((await server.end()).code).toBe(0)
  },
  patience,
)

test(
  "a demo, with Slack's variables set, never speaks to Slack",
  async () => {
    const ended = await program.run(folder, ["demo", "--json"], slack())
    expect(ended.code).toBe(0)
    expect(town.slack.calls).toEqual([])
  },
  patience,
)
