// Who may do what, for how long, approved by how many. Read from countersign.yml by config; pure here.
import type { Standing } from "./domain.ts"
import { unreachable } from "./unreachable.ts"

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

const rank: Record<Standing, number> = { stranger: 0, reader: 1, guest: 2, member: 3, moderator: 4, admin: 5 }
export function atLeast(has: Standing, wanted: Standing): boolean {
  return rank[has] >= rank[wanted]
}
/** Asking, approving and stopping go together: whoever may ask may stop. */
export function mayTakePart(standing: Standing, policy: Policy): "yes" | "guests-cannot" | "readers-cannot" | "not-a-member" {
  switch (standing) {
    case "admin":
    case "moderator":
    case "member":
      return "yes"
    case "guest":
      return policy.guestsMayAsk ? "yes" : "guests-cannot"
    case "reader":
      return "readers-cannot"
    case "stranger":
      return "not-a-member"
    default:
      return unreachable(standing)
  }
}
