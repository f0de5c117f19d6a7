// Against aimock, a model's server that somebody else wrote.

import { LLMock } from "@copilotkit/aimock"
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals"
import { openaiDrafter } from "../../adapters/openai/drafter.ts"
import { askOf, calmly, drafterContract, offTopic } from "../contracts/drafter.ts"
import { shaped } from "./model-server.ts"

const good = shaped("Rotate it with `vault rotate reporting`; you need the role `rotator` [1].", [1])
const mock = new LLMock({ port: 0, logLevel: "silent" })
const chatOnly = new LLMock({ port: 0, logLevel: "silent" })
let whenSlow = () => true
const drafters = new Map<LLMock, ReturnType<typeof openaiDrafter>>()
function drafterAt(server: LLMock) {
  const drafter = drafters.get(server) ?? openaiDrafter({ key: "sk-test", baseUrl: `${server.url}/v1`, name: "gpt-test" })
  drafters.set(server, drafter)
  return drafter
}
beforeAll(async () => {
  chatOnly.mount("/v1/responses", {
    handleRequest: async (_req, res) => {
      res.writeHead(404, { "content-type": "application/json" }).end('{"error":{"message":"no such route"}}')
      return true
    },
  })
  await Promise.all([mock.start(), chatOnly.start()])
})
afterAll(async () => {
  for (const drafter of drafters.values()) drafter.close()
  await Promise.all([mock.stop(), chatOnly.stop()])
})

describe.each([
  ["openai by responses", mock],
  ["openai by chat completions", chatOnly],
])("%s", (name, server) => {
  beforeAll(() => {
    server.onMessage(/reporting database password\?/, { content: good }, { chunkSize: 7 })
    server.onMessage(/pizza/, { content: shaped("", [], true) })
    server.on({ predicate: (asked) => JSON.stringify(asked.messages).includes("slow") && whenSlow() }, { content: good }, { latency: 100 })
    server.onMessage(/busy/, { error: { message: "slow down", type: "rate_limit_error" }, status: 429, retryAfter: 0 })
    server.onMessage(/broken/, { error: { message: "oops" }, status: 500 })
    server.onMessage(/cut/, { content: good }, { chunkSize: 5, truncateAfterChunks: 12, latency: 2 })
    server.onMessage(/garbage/, { content: "I think you should rotate it." })
    server.onMessage(/misshapen/, { content: '{"answer": 7}' })
    server.onMessage(/chaotic/, { content: good }, { chaos: { malformedRate: 1 } })
  })
  drafterContract(name, async () => drafterAt(server))
  test.each([
    ["busy", "unavailable"],
    ["broken", "unavailable"],
    ["cut", "unavailable"],
    ["garbage", "malformed"],
    ["misshapen", "malformed"],
  ])("a server that is %s: %s", async (text, why) => {
    await expect(drafterAt(server).draft(askOf(text, { passages: [] }), calmly())).rejects.toMatchObject({ name: "DraftingFault", why })
  })
  test.each([
    ["busy", "the server answered 429"],
    ["broken", "the server answered 500"],
    ["misshapen", "the answer has another shape than asked for"],
  ])("what a server that is %s did stands in the operator's log", async (text, words) => {
    await expect(drafterAt(server).draft(askOf(text, { passages: [] }), calmly())).rejects.toMatchObject({ because: words })
  })
  test("a server that talks nonsense is a fault, never a draft", async () => {
    await expect(drafterAt(server).draft(askOf("chaotic", { passages: [] }), calmly())).rejects.toMatchObject({ name: "DraftingFault" })
  })
  test("a slow server can be left at any time", async () => {
    const stop = new AbortController()
    whenSlow = () => {
      stop.abort(new Error("cancelled"))
      return true
    }
    const drafting = drafterAt(server).draft(askOf("slow", { passages: [] }), { signal: stop.signal, onProgress: () => {} })
    await expect(drafting).rejects.toThrow("cancelled")
  })
  test("what a person asked stands in the user's part, never in the instructions", async () => {
    server.clearRequests()
    await drafterAt(server).draft(askOf(offTopic), calmly())
    const messages = server.getLastRequest()?.body as { messages?: { role: string; content: string }[] }
    const of = (role: string) =>
      (messages.messages ?? [])
        .filter((m) => m.role === role)
        .map((m) => JSON.stringify(m.content))
        .join()
    expect(of("user")).toContain("pizza")
    expect(of("system")).not.toContain("pizza")
  })
})
