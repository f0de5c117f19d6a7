// A test file that leaves something open fails, with the name of what it left: a server, a socket, a child process, a timer.
// Jest alone would only wait, or kill the worker and say nothing. What closes within the grace after the last test is fine.
import { setTimeout as wait } from "node:timers/promises"
import { TestEnvironment } from "jest-environment-node"

const graceMs = 2_000
const pollMs = 25
/** Kept alive by a count only: they have no handle that one could look at. */
const counted = ["Timeout", "Worker"]

export default class ClosedBehindItself extends TestEnvironment {
  #handles: ReadonlySet<object> = new Set()
  #counts = counts()

  override async setup(): Promise<void> {
    await super.setup()
    this.#handles = new Set(handles())
    this.#counts = counts()
  }

  override async teardown(): Promise<void> {
    const left = await this.#leftOpen()
    await super.teardown()
    if (left.length > 0) throw new Error(`This test file left open: ${left.join(", ")}. Close it in afterEach or afterAll.`)
  }

  async #leftOpen(): Promise<readonly string[]> {
    const until = Date.now() + graceMs
    for (;;) {
      const now = counts()
      const left = [
        ...handles().flatMap((handle) => (this.#handles.has(handle) ? [] : [nameOf(handle)])),
        ...counted.filter((kind) => (now.get(kind) ?? 0) > (this.#counts.get(kind) ?? 0)),
      ]
      if (left.length === 0 || Date.now() > until) return left
      await wait(pollMs, undefined, { ref: false })
    }
  }
}

/** Undocumented, but the only list of handles that tells this file's from those that Jest had before. */
function handles(): readonly object[] {
  const all = (process as unknown as { _getActiveHandles(): readonly object[] })._getActiveHandles()
  return all.filter((handle) => !isStdio(handle))
}
const isStdio = (handle: { readonly _isStdio?: unknown; readonly fd?: unknown }) =>
  handle._isStdio === true || [0, 1, 2].includes(handle.fd as number)

/** `Socket (127.0.0.1:5432)`, `ChildProcess (postgres)`: enough to find who opened it. */
function nameOf(handle: object): string {
  const { remoteAddress, remotePort, spawnfile, fd } = handle as Readonly<Record<string, string | number | undefined>>
  const what = spawnfile ?? (remoteAddress === undefined ? fd : `${remoteAddress}:${remotePort}`)
  return what === undefined ? handle.constructor.name : `${handle.constructor.name} (${what})`
}
function counts(): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) found.set(kind, (found.get(kind) ?? 0) + 1)
  return found
}
