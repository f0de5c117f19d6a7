// Who can read a place, and whether that became more people than an approver was shown.
import type { Audience, AudienceScope } from "./domain.ts"

const width: Record<AudienceScope, number> = { people: 0, group: 1, members: 2, shared: 3, internet: 4 }

/** Whether `now` reaches people that `approved` did not announce. A place whose members change stays the same place;
 *  a list of people that grew does not. */
export function wider(now: Audience, approved: Audience): boolean {
  if (width[now.scope] !== width[approved.scope]) return width[now.scope] > width[approved.scope]
  if (now.scope !== "people") return false
  return now.people === null || approved.people === null || now.people > approved.people
}

/** "this topic (37 people)". */
export function whereWords(a: Audience): string {
  return `${a.where}${count(a)}`
}
/** "everyone in this forum (37 people)". */
export function whoWords(a: Audience): string {
  return `${a.who}${count(a)}`
}
function count(a: Audience): string {
  if (a.people === null) return ""
  return a.people === 1 ? " (1 person)" : ` (${a.people.toLocaleString("en-US")} people)`
}
