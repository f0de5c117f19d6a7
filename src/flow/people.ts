// From a person to a pseudonym and back. Facts hold pseudonyms; table `person`, which erasure empties, maps them.
import type { Pseudonym } from "../core/domain.ts"
import type { Actor, Append, Ledger } from "../core/ports.ts"
import type { Parts } from "./parts.ts"

export const someone = "a person"

export function known(parts: Parts, by: Actor): { readonly actor: Pseudonym; readonly people: NonNullable<Append["people"]> } {
  const actor = parts.pseudonyms.of(by.person)
  return { actor, people: [{ pseudonym: actor, person: by.person, name: by.name }] }
}
/** Their name, or "a person" when it was erased. */
export async function nameOf(ledger: Ledger, pseudonym: Pseudonym): Promise<string> {
  return (await ledger.person(pseudonym))?.name ?? someone
}
