// Nobody waits for what was given up, and what is done holds on to nothing.
import { getEventListeners } from "node:events"
import { expect, test } from "@jest/globals"
import { withAbort } from "../src/flow/abort.ts"

test("work that ignores its signal is not waited for", async () => {
  const control = new AbortController()
  const waited = withAbort(new Promise(() => {}), control.signal)
  control.abort(new Error("stopped"))
  await expect(waited).rejects.toThrow("stopped")
})
test.each([
  ["done", Promise.resolve("done")],
  ["failed", Promise.reject(new Error("no"))],
] as const)("work that has %s leaves nothing on the signal, which may live as long as the process", async (_how, work) => {
  const { signal } = new AbortController()
  const either = AbortSignal.any([signal])
  await withAbort(work, either).catch(() => undefined)
  expect(getEventListeners(either, "abort")).toEqual([])
})
