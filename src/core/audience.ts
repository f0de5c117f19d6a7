// Who can read a place, and whether that became more people than an approver was shown.
import type { Audience, AudienceScope } from "./domain.ts"

const width: Record<AudienceScope, number> = { people: 0, group: 1, members: 2, shared: 3, internet: 4 }

/** Whether `now` reaches people that `approved` did not announce. A place whose members change stays the same place; one that
 *  lets in more guests, more people from outside, one more organisation or one more group does not, nor does a list of people that grew. */
export function wider(now: Audience, approved: Audience): boolean {
  if (width[now.scope] > width[approved.scope] || moreOutsiders(now, approved) || oneMoreOrganisation(now, approved) || oneMoreGroup(now, approved))
    return true
  if (now.scope !== "people" || approved.scope !== "people") return false
  return now.people === null || approved.people === null || now.people > approved.people
}

/** What was counted at the approval and cannot be now may have grown. */
function moreOutsiders(now: Audience, approved: Audience): boolean {
  const before = approved.outsiders ?? null
  const after = now.outsiders ?? null
  return before !== null && (after === null || after > before)
}

/** A large place may be open to all of an organisation, of whose people none is counted yet. */
function oneMoreOrganisation(now: Audience, approved: Audience): boolean {
  return (now.organisations ?? []).some((id) => !(approved.organisations ?? []).includes(id))
}

/** Another group may be everybody, however few are in the one that was shown. */
function oneMoreGroup(now: Audience, approved: Audience): boolean {
  const { groups } = approved
  return groups !== undefined && (now.groups ?? []).some((id) => !groups.includes(id))
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
