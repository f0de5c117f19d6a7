import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { promisify } from "node:util"
import { afterEach, describe, expect, test } from "@jest/globals"
import { openaiDrafter } from "../../adapters/openai/drafter.ts"
import { askOf, calmly, question } from "../contracts/drafter.ts"
import { answers, modelServer, shaped } from "./model-server.ts"

const room = new URL("./rooms/odd.ts", import.meta.url)
const open: { close(): void }[] = []
afterEach(() => {
  for (const drafter of open.splice(0)) drafter.close()
})
function drafterIn(name: string, over = {}) {
  const drafter = openaiDrafter({ key: "sk-test", baseUrl: "http://127.0.0.1:9/v1", name, room, ...over })
  open.push(drafter)
  return drafter
}

describe("the room", () => {
  test("reads no file but its own code, writes none, and starts nothing", async () => {
    const proposal = await drafterIn("prying").draft(askOf(question), calmly())
    if (proposal === "declined") throw new Error("declined")
    const { environment, ...rest } = JSON.parse(proposal.answer)
    expect(rest).toEqual({
      arguments: [],
      passwd: "ERR_ACCESS_DENIED",
      repository: "ERR_ACCESS_DENIED",
      write: "ERR_ACCESS_DENIED",
      run: "ERR_ACCESS_DENIED",
      worker: "ERR_ACCESS_DENIED",
    })
    expect(existsSync("/tmp/room-was-here")).toBe(false)
  })
  test("sees the model's key, address and name, and no other variable", async () => {
    process.env.COUNTERSIGN_TEST_SECRET = "xoxb-secret"
    try {
      const proposal = await drafterIn("prying").draft(askOf(question), calmly())
      if (proposal === "declined") throw new Error("declined")
      expect(JSON.parse(proposal.answer).environment).toEqual({
        OPENAI_API_KEY: "sk-test",
        OPENAI_BASE_URL: "http://127.0.0.1:9/v1",
        OPENAI_MODEL: "prying",
      })
    } finally {
      delete process.env.COUNTERSIGN_TEST_SECRET
    }
  })
  test("that dies fails what was asked in it, and the next question finds a new one", async () => {
    const drafter = drafterIn("crashing-once-per-process")
    for (let i = 0; i < 3; i++) await expect(drafter.draft(askOf(question), calmly())).rejects.toMatchObject({ why: "unavailable" })
    const both = await Promise.allSettled([drafter.draft(askOf(question), calmly()), drafter.draft(askOf(question), calmly())])
    expect(both.map((r) => r.status)).toEqual(["rejected", "rejected"])
  })
  test("that is killed from outside is started again", async () => {
    const server = await modelServer(answers(shaped("Fine.")))
    try {
      const drafter = openaiDrafter({ key: null, baseUrl: server.url, name: "m" })
      open.push(drafter)
      expect(await drafter.draft(askOf(question), calmly())).toEqual({ answer: "Fine.", sources: [] })
      drafter.close()
      expect(await drafter.draft(askOf(question), calmly()).catch((e) => e.why)).toBeDefined()
      expect(await drafter.draft(askOf(question), calmly())).toEqual({ answer: "Fine.", sources: [] })
    } finally {
      await server.close()
    }
  })
  test("that says anything unknown is closed, and nothing of it is used", async () => {
    await expect(drafterIn("babbling").draft(askOf(question), calmly())).rejects.toMatchObject({ why: "unavailable" })
  })
  test("that would put the server's own words into the log is closed, and none of them is used", async () => {
    const fault = await drafterIn("telling")
      .draft(askOf(question), calmly())
      .catch((e: unknown) => e)
    expect(fault).toMatchObject({ why: "unavailable", because: "the room said what cannot be parsed" })
  })
  test("that does not heed an abort is killed, and the requester does not wait for that", async () => {
    const stop = new AbortController()
    const drafter = drafterIn("deaf", { graceMs: 20 })
    const other = drafter.draft(askOf(question), calmly())
    const left = drafter.draft(askOf(question), { signal: stop.signal, onProgress: () => stop.abort(new Error("cancelled")) })
    await expect(left).rejects.toThrow("cancelled")
    // Only a room that is gone ends the other question in it.
    await expect(other).rejects.toMatchObject({ why: "unavailable" })
  })
  test("neither keeps a program alive nor outlives it", async () => {
    const server = await modelServer(answers(shaped("Fine.")))
    try {
      const program = `
        const { openaiDrafter } = await import(${JSON.stringify(new URL("../../adapters/openai/drafter.ts", import.meta.url).href)})
        const drafter = openaiDrafter({ key: null, baseUrl: ${JSON.stringify(server.url)}, name: "m" })
        const ask = ${JSON.stringify(askOf(question))}
        console.log((await drafter.draft(ask, { signal: new AbortController().signal, onProgress() {} })).answer)`
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program], { timeout: 15_000 })
      expect(stdout.trim()).toBe("Fine.")
    } finally {
      await server.close()
    }
  })
})
