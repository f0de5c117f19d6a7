// How the server ends. Told to (SIGTERM, SIGINT): it finishes what is under way and exits 0. After a fault that nobody
// caught: it logs and exits 1 at once, because the ledger survives a crash and a half-broken process may not go on.
import type { Log } from "./core/ports.ts"

/** Longer than a permit's life, so that no attempt to post is cut off that could still be recorded. */
const shutdownMs = 15_000
/** For what a library left behind: Discord's client waits out an hour's rate limit with a timer that nobody can clear. */
const lingerMs = 1_000

/** Before anything is opened: whatever goes wrong from here on is logged, and ends the process. */
export function endOnFault(log: Log): void {
  const end = (what: string) => (fault: unknown) => {
    log.error({ fault, what }, "a fault that nobody caught; the process ends, and the next start goes on from the ledger")
    process.exit(1)
  }
  process.on("uncaughtException", end("exception"))
  process.on("unhandledRejection", end("rejection"))
}

/** Resolves with the exit code, after `stop` has done its work. A second signal ends at once. */
export async function untilSignal(stop: () => Promise<void>, log: Log): Promise<number> {
  const signal = await new Promise<string>((resolve) => {
    process.once("SIGTERM", () => resolve("SIGTERM"))
    process.once("SIGINT", () => resolve("SIGINT"))
  })
  log.info({ signal }, "shutting down: no new work; waiting for what is under way")
  process.once("SIGINT", () => process.exit(130))
  process.once("SIGTERM", () => process.exit(143))
  const late = setTimeout(() => {
    log.error({ shutdownMs }, "shutting down took too long; the next start goes on from the ledger")
    process.exit(1)
  }, shutdownMs)
  await stop()
  clearTimeout(late)
  log.info({ signal }, "shut down")
  leaveWith(0)
  return 0
}
/** Nothing is to be done any more: whatever a library left behind does not keep the process. Discord's client goes on connecting. */
export function leaveWith(code: number): void {
  setTimeout(() => process.exit(code), lingerMs).unref()
}
