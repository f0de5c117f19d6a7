// A real walk whose platform is caught at the door: permits are kept for the test to spend, nothing is posted by the walk.

import type { PublishPermit } from "../../src/core/permit.ts"
import { defaultPolicy } from "../../src/core/policy.ts"
import type { Clock, Drafter, Ledger, Platform } from "../../src/core/ports.ts"
import { createFlow } from "../../src/flow/flow.ts"
import type { Flow } from "../../src/flow/parts.ts"
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
