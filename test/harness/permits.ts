// A real walk whose platform is caught at the door: permits are kept for the test to spend, nothing is posted by the walk.

import type { AttemptId, LabelId, Place } from "../../src/core/domain.ts"
import type { PublishPermit } from "../../src/core/permit.ts"
import { defaultPolicy } from "../../src/core/policy.ts"
import type { Actor, Clock, Drafter, Ledger, Platform } from "../../src/core/ports.ts"
import { isRefusal } from "../../src/core/refusals.ts"
import { createFlow } from "../../src/flow/flow.ts"
import type { Flow } from "../../src/flow/parts.ts"
import type { FakeClock } from "../fakes/clock.ts"
import { FakeDrafter } from "../fakes/drafter.ts"
import { freshLedger } from "./ledgers.ts"
import { testPseudonyms, testSigner } from "./signers.ts"
import { silentLog } from "./walk.ts"

export const labelKey = testSigner()
export function flowWith(p: { readonly ledger: Ledger; readonly clock: Clock; readonly platform: Platform; readonly drafter: Drafter }): {
  readonly flow: Flow
  readonly caught: readonly PublishPermit[]
} {
  const caught: PublishPermit[] = []
  const door: Platform = {
    ...p.platform,
    publish: async (permit) => {
      caught.push(permit)
      throw new Error("caught")
    },
    findPosted: async () => "cannot-tell",
  }
  const flow = createFlow({
    ...{
      ledger: p.ledger,
      clock: p.clock,
      drafter: p.drafter,
      labelKey,
      pseudonyms: testPseudonyms,
      policy: defaultPolicy,
      checks: [],
      log: silentLog,
    },
    platforms: new Map([[door.name, door]]),
    knowledge: { size: 0, search: async () => [] },
    issuer: "http://127.0.0.1:3000",
    program: "countersign/test",
    onMilestone: () => undefined,
  })
  return { flow, caught }
}

let gestures = 0
/** Walks a request up to posting and hands over the permit, unspent. A ledger for each: in one, asking again about the same message would show the open request. */
export async function catchPermit(
  on: {
    readonly platform: Platform
    readonly clock: FakeClock
    readonly place: Place
    readonly message: string
    readonly member: Actor
    readonly answer: string
  },
  closing: (() => Promise<void>)[],
): Promise<{ readonly permit: PublishPermit; readonly attempt: AttemptId; readonly label: LabelId; readonly visible: string }> {
  const { platform, clock, place, member } = on
  const ledger = await freshLedger(clock)
  const { flow, caught } = flowWith({ ledger, clock, platform, drafter: new FakeDrafter({ answer: on.answer, sources: [] }) })
  closing.push(
    () => ledger.close(),
    () => flow.stop(),
  )
  gestures += 1
  const asked = await flow.inbox.ask({ by: member, place, message: on.message, gesture: `g${gestures}` })
  if (isRefusal(asked)) throw new Error(asked.words)
  await flow.idle()
  const card = await flow.inbox.card(place.workspace, asked.request, member.person)
  if (!card?.draft) throw new Error(`no draft: ${card?.note}`)
  await flow.inbox.decide({
    by: member,
    workspace: place.workspace,
    request: asked.request,
    digest: card.draft.digest,
    act: "approve",
    acknowledged: [],
  })
  await flow.idle()
  const permit = caught.at(-1)
  const begun = (await ledger.read({ workspace: place.workspace, stream: asked.request })).find((e) => e.fact.kind === "postingBegun")
  if (permit === undefined || begun?.fact.kind !== "postingBegun") throw new Error("the walk did not get to posting")
  return { permit, attempt: begun.fact.attempt, label: begun.fact.jti, visible: card.draft.rendered.visible }
}
