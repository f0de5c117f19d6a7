// The permit: what cannot be written, and what cannot be done with one.
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import type { AttemptId, RequestId } from "../src/core/domain.ts"
import { fold } from "../src/core/fold.ts"
import { begin, PermitDead, type PublishPermit, permitLifeMs, spend } from "../src/core/permit.ts"
import type { Ledger } from "../src/core/ports.ts"
import { seal } from "../src/flow/seal.ts"
import { freshLedger } from "./harness/ledgers.ts"
import { makeWalk, rin, type Walk } from "./harness/walk.ts"

let ledger: Ledger
let walk: Walk
beforeEach(async () => {
  ledger = await freshLedger()
  walk = makeWalk(ledger)
})
afterEach(async () => {
  await walk.flow.stop()
  await ledger.close()
})

async function permit(): Promise<PublishPermit> {
  const request = await walk.ask()
  const state = await walk.state(request)
  if (state.at !== "drafted") throw new Error(state.at)
  const entries = await ledger.append({
    key: { workspace: state.workspace, stream: request },
    after: state.version,
    actor: state.requester,
    facts: [{ kind: "approved", digest: state.draft.digest, place: "t1", epoch: 0, until: walk.clock.now() + 60_000, auth: "picked" }],
  })
  if (entries === "conflict") throw new Error("conflict")
  const approved = await walk.state(request)
  if (approved.at !== "approved") throw new Error(approved.at)
  const rendered = { payload: "p", visible: "v", chars: 1 }
  const label = { claims: {} as never, jws: "j", mini: "m", lines: { first: "f", last: "l" } }
  const begun = await begin(ledger, walk.clock, {
    state: approved,
    attempt: "A1" as AttemptId,
    rendered,
    label,
    sealedLabel: seal("j"),
    actor: state.requester,
  })
  if (begun === "conflict") throw new Error("conflict")
  return begun.permit
}

test("a permit is spent once", async () => {
  const p = await permit()
  expect(spend(p)).toMatchObject({ attempt: "A1", rendered: { payload: "p" } })
  expect(() => spend(p)).toThrow(PermitDead)
})

test("a permit dies at notAfter, and stays dead", async () => {
  const p = await permit()
  walk.clock.advance(permitLifeMs)
  expect(() => spend(p)).toThrow("died of age")
  expect(() => spend(p)).toThrow(PermitDead)
})

test("who comes too late to begin gets no permit", async () => {
  await permit()
  const [request] = walk.platform.shown.get(rin.person)?.map((c) => c.request) ?? []
  const entries = await ledger.read({ workspace: walk.place.workspace, stream: request as RequestId })
  const approved = fold(entries.slice(0, entries.findIndex((e) => e.fact.kind === "approved") + 1))
  if (approved.at !== "approved") throw new Error(approved.at)
  const rendered = { payload: "p", visible: "v", chars: 1 }
  const label = { claims: {} as never, jws: "j", mini: "m", lines: { first: "f", last: "l" } }
  const what = { state: approved, attempt: "A2" as AttemptId, rendered, label, sealedLabel: seal("j"), actor: approved.requester }
  expect(await begin(ledger, walk.clock, what)).toBe("conflict")
})

test.each<[string, (p: PublishPermit) => unknown]>([
  ["a copy", (p) => ({ ...p })],
  ["a copy with its prototype", (p) => Object.create(Object.getPrototypeOf(p))],
  ["its JSON, read back", (p) => JSON.parse(JSON.stringify(p))],
  ["its structured clone", (p) => structuredClone(p)],
  ["a proxy of it", (p) => new Proxy(p as object, {})],
  ["an empty frozen object", () => Object.freeze(Object.create(null))],
])("%s is no permit", async (_what, make) => {
  const p = await permit()
  expect(() => spend(make(p) as PublishPermit)).toThrow(PermitDead)
  expect(spend(p)).toMatchObject({ attempt: "A1" })
})

test("a permit gives nothing away and cannot be given anything", async () => {
  const p = (await permit()) as unknown as Record<string, unknown>
  expect(Reflect.ownKeys(p)).toEqual([])
  expect(() => {
    p.release = {}
  }).toThrow(TypeError)
})

test("the types refuse what the run time would", () => {
  const never = () => {
    // @ts-expect-error a permit has no constructor and no literal
    const made: PublishPermit = {}
    // @ts-expect-error text is not a permit
    void walk.platform.publish("Hello, everyone", new AbortController().signal)
    // @ts-expect-error a release is what a permit gives, not a permit
    void walk.platform.publish({ attempt: "A1", rendered: { payload: "", visible: "", chars: 0 } }, new AbortController().signal)
    // @ts-expect-error a platform has no other way to say something
    walk.platform.postMessage("Hello")
    return made
  }
  expect(never).toBeInstanceOf(Function)
})
