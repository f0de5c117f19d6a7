// Who may do what, for how long, approved by how many. Read from countersign.yml by config; pure here.
import type { Standing } from "./domain.ts"

export interface Policy {
  /** How many different people must approve a draft. */
  readonly needs: number
  readonly guestsMayAsk: boolean
  readonly draftTtlMs: number
  readonly approvalTtlMs: number
  /** How long before a draft expires its requester is reminded. */
  readonly remindBeforeMs: number
  /** How long a drafter may take. */
  readonly draftingTtlMs: number
  /** Longest text that a person may put in place of the draft, in characters. */
  readonly maxEditChars: number
  /** Messages of a thread that a drafter is given. */
  readonly threadLimit: number
}
export const defaultPolicy: Policy = {
  needs: 1,
  guestsMayAsk: false,
  draftTtlMs: 24 * 3_600_000,
  approvalTtlMs: 30 * 60_000,
  remindBeforeMs: 3_600_000,
  draftingTtlMs: 120_000,
  maxEditChars: 100_000,
  threadLimit: 50,
}

const rank: Record<Standing, number> = { stranger: 0, guest: 1, member: 2, moderator: 3, admin: 4 }
export function atLeast(has: Standing, wanted: Standing): boolean {
  return rank[has] >= rank[wanted]
}
/** Asking, approving and stopping go together: whoever may ask may stop. */
export function mayTakePart(standing: Standing, policy: Policy): "yes" | "guest" | "stranger" {
  if (atLeast(standing, "member")) return "yes"
  if (standing === "guest") return policy.guestsMayAsk ? "yes" : "guest"
  return "stranger"
}
