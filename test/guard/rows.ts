// The guard's cases as data: steps that a walk would write, what a forger would change, and the rows that come of both.
import { encode, leafOf } from "../../adapters/database/encode.ts"
import type { EntryRow } from "../../adapters/database/tables.ts"
import type { Pseudonym } from "../../src/core/domain.ts"
import type { Fact, StreamKey } from "../../src/core/facts.ts"
import { anna, approved, bela, door, request, system } from "../harness/history.ts"

export interface Step {
  readonly key: StreamKey
  readonly fact: Fact
  readonly actor: Pseudonym
  /** What a forger would write instead. */
  readonly forge?: (row: EntryRow) => EntryRow
}
export type Attack = { readonly sql: string } | Step
export interface Case {
  readonly name: string
  readonly given: readonly Step[]
  readonly when: Attack
  /** Part of the refusal, or that it is let in. */
  readonly must: "let in" | RegExp
  readonly only?: "sqlite" | "postgres"
  /** PostgreSQL switches ordinary triggers off for a replica. */
  readonly as?: "replica"
}

export const r = request("r")
export const say = (fact: Fact, actor: Pseudonym = system, key: StreamKey = r): Step => ({ key, fact, actor })
export const ok = (of: string, by: Pseudonym = anna, o: Parameters<typeof approved>[1] = {}) => say(approved(of, o), by)
export const at = (ws: string, fact: Fact): Step => ({ key: door(ws), fact, actor: bela })
export const forged = (step: Step, forge: (row: EntryRow) => EntryRow): Step => ({ ...step, forge })
/** The fact says it and the column does not, or the other way round. */
export const column = (step: Step, change: Partial<EntryRow>): Step => forged(step, (row) => ({ ...row, ...change }))
/** Both say it. */
export const both = (step: Step, change: Partial<EntryRow>): Step =>
  forged(step, (row) => ({ ...row, ...change, fact: JSON.stringify({ ...(JSON.parse(row.fact) as object), ...change }) }))

/** Rows as the walk would write them, with versions and leaves that follow. */
export class Rows {
  readonly #versions = new Map<string, number>()
  readonly #sizes = new Map<string, number>()
  row(step: Step): EntryRow {
    const stream = `${step.key.workspace}\n${step.key.stream}`
    const version = (this.#versions.get(stream) ?? 0) + 1
    const seq = this.#sizes.get(step.key.workspace) ?? 0
    this.#versions.set(stream, version)
    this.#sizes.set(step.key.workspace, seq + 1)
    const row = { ...encode(step.key, version, step.actor, 1_000, step.fact).row, seq }
    if (step.forge === undefined) return row
    const forged = step.forge(row)
    // Who forges a fact can hash.
    return forged.fact === row.fact ? forged : { ...forged, leaf: leafOf(forged.fact) }
  }
}
