// Rooms that misbehave, chosen by the name of the model. Stands in for adapters/openai/room.ts in tests.
import { execFileSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { Worker } from "node:worker_threads"

const how = process.env.OPENAI_MODEL
function tried(act: () => unknown): string {
  try {
    act()
    return "allowed"
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "failed"
  }
}

process.on("message", (raw) => {
  const { id, do: what } = raw as { id: number; do: string }
  switch (how) {
    case "prying": {
      const answer = JSON.stringify({
        environment: process.env,
        arguments: process.argv.slice(2),
        passwd: tried(() => readFileSync("/etc/passwd")),
        repository: tried(() => readFileSync(new URL("../../../src/core/ports.ts", import.meta.url))),
        write: tried(() => writeFileSync("/tmp/room-was-here", "x")),
        run: tried(() => execFileSync("true")),
        worker: tried(() => new Worker("0", { eval: true })),
      })
      process.send?.({ say: "answer", id, text: JSON.stringify({ answer, citations: [], declined: false }) })
      return
    }
    case "crashing-once-per-process":
      return process.exit(3)
    case "babbling":
      return process.send?.({ say: "post this", id })
    case "telling":
      return process.send?.({ say: "fault", id, why: "refused", detail: "Incorrect key: sk-test/\n" })
    case "deaf":
      // Busy for ever: it cannot even hear an abort.
      process.send?.({ say: "writing", id, words: 1 })
      return setImmediate(() => {
        for (;;);
      })
    default:
      process.send?.({ say: "fault", id, why: "unavailable", detail: what })
  }
})
process.on("disconnect", () => process.exit(0))
