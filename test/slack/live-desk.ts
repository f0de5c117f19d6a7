// Where live lines are tested: a desk in a workspace that has streams and sessions, and one card, which stands where it was shown last.
import { beforeEach } from "@jest/globals"
import type { Card } from "../../src/core/card.ts"
import type { CardRef } from "../../src/core/domain.ts"
import { desk } from "./desk.ts"
import { perState } from "./states.ts"

export function liveDesk() {
  const at = desk()
  const stands: { ref: CardRef | null } = { ref: null }
  beforeEach(() => {
    stands.ref = null
    at.house.team.plan = "paid"
    at.house.install.scopes.add("assistant:write")
  })
  const mine = (card: Card): Card => ({ ...card, workspace: at.house.workspace, place: at.place })
  const working = (note: string): Card => ({ ...mine(perState.asked), note })
  const dm = () => at.house.rin.dm
  const root = () => dm()[0]?.ts ?? ""
  /** What moves beside the card has moved. */
  async function quiet(): Promise<void> {
    for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve))
    await at.out.idle()
  }
  async function pass(ms: number): Promise<void> {
    await quiet()
    at.clock.advance(ms)
    await quiet()
  }
  async function show(card: Card): Promise<void> {
    stands.ref = (await at.out.show(card, at.rin, stands.ref)) as CardRef
  }
  return {
    ...{ at, stands, mine, working, dm, root, quiet, pass, show },
    lines: () => dm().filter((m) => m.threadTs === root()),
    status: () => at.house.rin.sessionIn(at.house.rin.dmWith(at.house.install), root())?.status ?? null,
    /** A card whose draft takes longer than a moment. */
    async drafting(): Promise<void> {
      await show(working("Reading the thread."))
      await pass(1_000)
    },
  }
}
