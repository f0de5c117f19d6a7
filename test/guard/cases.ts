// What the guard lets in and what it refuses, as short histories of raw rows: no code of ours stands between them and the
// tables. One list for both dialects.
import { encode, leafOf } from "../../adapters/database/encode.ts"
import type { EntryRow } from "../../adapters/database/tables.ts"
import type { Pseudonym } from "../../src/core/domain.ts"
import type { Fact, StreamKey } from "../../src/core/facts.ts"
import {
  anna,
  approved,
  asked,
  begun,
  bela,
  cardShown,
  digest,
  door,
  drafted,
  edited,
  failed,
  posted,
  reminded,
  request,
  resumed,
  stopped,
  system,
  unclear,
} from "../harness/history.ts"

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

const r = request("r")
const say = (fact: Fact, actor: Pseudonym = system, key: StreamKey = r): Step => ({ key, fact, actor })
const ok = (of: string, by: Pseudonym = anna, o: Parameters<typeof approved>[1] = {}) => say(approved(of, o), by)
const at = (ws: string, fact: Fact): Step => ({ key: door(ws), fact, actor: bela })
const forged = (step: Step, forge: (row: EntryRow) => EntryRow): Step => ({ ...step, forge })
/** The fact says it and the column does not, or the other way round. */
const column = (step: Step, change: Partial<EntryRow>): Step => forged(step, (row) => ({ ...row, ...change }))
/** Both say it. */
const both = (step: Step, change: Partial<EntryRow>): Step =>
  forged(step, (row) => ({ ...row, ...change, fact: JSON.stringify({ ...(JSON.parse(row.fact) as object), ...change }) }))

const ask = say(asked(), anna)
const draft = say(drafted("d"))
const go = say(begun("d", "a1"))
const ready = [ask, draft, ok("d")]

export const cases: readonly Case[] = [
  { name: "an approved draft may be posted", given: ready, when: go, must: "let in" },
  { name: "cards and reminders may stand between", given: [ask, draft, say(cardShown(anna)), say(reminded("d")), ok("d")], when: go, must: "let in" },
  {
    name: "an approval for the present epoch is let in",
    given: [ask, draft, at("w", stopped()), at("w", resumed())],
    when: ok("d", anna, { epoch: 1 }),
    must: "let in",
  },

  { name: "nothing is posted without an approval", given: [ask, draft], when: go, must: /too few approvals/ },
  { name: "two are needed and one approved", given: [ask, say(drafted("d", { needs: 2 })), ok("d")], when: go, must: /too few approvals/ },
  { name: "one person twice is one person", given: [ask, say(drafted("d", { needs: 2 })), ok("d"), ok("d")], when: go, must: /too few approvals/ },
  { name: "two people are two", given: [ask, say(drafted("d", { needs: 2 })), ok("d"), ok("d", bela)], when: go, must: "let in" },
  {
    name: "an approval before the draft is none",
    given: [ask, draft, ok("d"), say(drafted("d", { revision: 2 }))],
    when: go,
    must: /too few approvals/,
  },
  {
    name: "an approval of another request is none",
    given: [ask, draft, say(asked(), anna, request("s")), say(drafted("d"), system, request("s")), say(approved("d"), anna, request("s"))],
    when: go,
    must: /too few approvals/,
  },
  {
    name: "an approval from before a stop counts no more",
    given: [...ready, at("w", stopped()), at("w", resumed())],
    when: go,
    must: /too few approvals/,
  },
  {
    name: "… also when the installation was stopped",
    given: [...ready, at("*", stopped()), at("*", resumed())],
    when: go,
    must: /too few approvals/,
  },
  {
    name: "… also when the place was stopped",
    given: [...ready, at("w", stopped("t1")), at("w", resumed("t1"))],
    when: go,
    must: /too few approvals/,
  },
  { name: "a stop of another place voids nothing", given: [...ready, at("w", stopped("t2"))], when: go, must: "let in" },
  { name: "a stop of another workspace voids nothing", given: [...ready, at("v", stopped())], when: go, must: "let in" },

  { name: "nothing is posted after a stop of the workspace", given: [...ready, at("w", stopped())], when: go, must: /door is shut/ },
  { name: "nothing is posted after a stop of the place", given: [...ready, at("w", stopped("t1"))], when: go, must: /door is shut/ },
  { name: "nothing is posted after a stop of the installation", given: [...ready, at("*", stopped())], when: go, must: /door is shut/ },
  { name: "nothing is approved after a stop", given: [ask, draft, at("w", stopped())], when: ok("d", anna, { epoch: 1 }), must: /door is shut/ },
  {
    name: "nothing is approved after a stop of the installation",
    given: [ask, draft, at("*", stopped())],
    when: ok("d", anna, { epoch: 1 }),
    must: /door is shut/,
  },
  {
    name: "nothing is approved after a stop of the place",
    given: [ask, draft, at("w", stopped("t1"))],
    when: ok("d", anna, { epoch: 1 }),
    must: /door is shut/,
  },
  {
    name: "resuming the place does not resume the workspace",
    given: [ask, draft, at("w", stopped()), at("w", resumed("t1"))],
    when: ok("d", anna, { epoch: 1 }),
    must: /door is shut/,
  },
  {
    name: "resuming the workspace does not resume the place",
    given: [ask, draft, at("w", stopped("t1")), at("w", resumed())],
    when: ok("d", anna, { epoch: 1 }),
    must: /door is shut/,
  },
  {
    name: "resuming the workspace does not resume the installation",
    given: [ask, draft, at("*", stopped()), at("w", resumed())],
    when: ok("d", anna, { epoch: 1 }),
    must: /door is shut/,
  },
  {
    name: "a second stop after the resume holds",
    given: [ask, draft, at("w", stopped()), at("w", resumed()), at("w", stopped())],
    when: ok("d", anna, { epoch: 2 }),
    must: /door is shut/,
  },
  {
    name: "an approval that names an old epoch is refused",
    given: [ask, draft, at("w", stopped()), at("w", resumed())],
    when: ok("d"),
    must: /from before a stop/,
  },
  { name: "an approval that names a coming epoch is refused", given: [ask, draft], when: ok("d", anna, { epoch: 1 }), must: /from before a stop/ },
  { name: "a stop of the whole installation has no place", given: [], when: at("*", stopped("t1")), must: /refused|violates|constraint/i },
  { name: "a stop stands in the door's stream only", given: [ask], when: say(stopped(), bela), must: /refused|violates|constraint/i },
  {
    name: "only stops stand in the door's stream",
    given: [at("w", stopped())],
    when: { key: door(), fact: asked(), actor: anna },
    must: /refused|violates|constraint/i,
  },

  { name: "another text than the last draft is not posted", given: [ask, draft, ok("d")], when: say(begun("e", "a1")), must: /not the last draft/ },
  {
    name: "an older draft is not posted",
    given: [ask, draft, say(edited("d"), anna), say(drafted("e", { revision: 2 })), ok("e")],
    when: go,
    must: /not the last draft/,
  },
  {
    name: "an older draft is not approved",
    given: [ask, draft, say(edited("d"), anna), say(drafted("e", { revision: 2 }))],
    when: ok("d"),
    must: /not the last draft/,
  },
  { name: "nothing is posted before there is a draft", given: [ask], when: go, must: /not the last draft/ },
  { name: "another place than the draft's is not posted to", given: ready, when: say(begun("d", "a1", { place: "t2" })), must: /not the place/ },
  { name: "another place than the draft's is not approved", given: [ask, draft], when: ok("d", anna, { place: "t2" }), must: /not the place/ },
  {
    name: "an edit after the approval stops the post",
    given: [...ready, say(edited("d"), anna)],
    when: go,
    must: /something other than an approval/,
  },
  {
    name: "a voided approval stops the post",
    given: [...ready, say({ kind: "approvalVoided", of: digest("d"), why: "wider" })],
    when: go,
    must: /something other than an approval/,
  },
  { name: "the same attempt is not begun twice", given: [...ready, go], when: say(begun("d", "a2")), must: /something other than an approval/ },
  {
    name: "no second post while the first may have appeared",
    given: [...ready, go, say(unclear("a1")), say(drafted("d", { revision: 2 })), ok("d")],
    when: say(begun("d", "a2")),
    must: /earlier attempt/,
  },
  {
    name: "no second post after the first",
    given: [...ready, go, say(posted("a1")), say(drafted("d", { revision: 2 })), ok("d")],
    when: say(begun("d", "a2")),
    must: /earlier attempt/,
  },
  {
    name: "a refused attempt may be followed by another",
    given: [...ready, go, say(failed("a1")), say(edited("d"), anna), say(drafted("e", { revision: 2 })), ok("e")],
    when: say(begun("e", "a2")),
    must: "let in",
  },
  {
    name: "another attempt's failure frees nothing",
    given: [...ready, go, say(failed("a9")), say(edited("d"), anna), say(drafted("e", { revision: 2 })), ok("e")],
    when: say(begun("e", "a2")),
    must: /earlier attempt/,
  },
  {
    name: "one attempt is one request's",
    given: [...ready, go, say(asked(), anna, request("s")), say(drafted("d"), system, request("s")), say(approved("d"), bela, request("s"))],
    when: say(begun("d", "a1"), system, request("s")),
    must: /entry_attempt|unique|entry\.attempt/i,
  },
  { name: "a canary is never posted", given: [say(asked({ purpose: "canary" }), anna), draft, ok("d")], when: go, must: /canary/ },
  { name: "the program cannot approve", given: [ask, draft], when: ok("d", system), must: /constraint|violates/i },

  { name: "a version is not skipped", given: [ask], when: both(draft, { version: 3 }), must: /version is not the next/ },
  { name: "a version is not written twice", given: [ask, draft], when: both(draft, { version: 2 }), must: /version is not the next/ },
  { name: "a leaf is not skipped", given: [ask], when: column(draft, { seq: 7 }), must: /seq is not the next/, only: "sqlite" },
  { name: "a leaf is given by the database", given: [ask], when: column(draft, { seq: 7 }), must: "let in", only: "postgres" },
  ...(["workspace", "stream", "kind", "actor", "digest", "attempt", "place"] as const).map(
    (c): Case => ({
      name: `the column ${c} says what the fact says`,
      given: [...ready],
      when: column(go, { [c]: "other" }),
      must: /constraint|violates|guard|version is not the next/i,
    }),
  ),
  {
    name: "the column actor says what the fact says, of an approval",
    given: [ask, draft],
    when: column(ok("d"), { actor: bela }),
    must: /constraint|violates/i,
  },
  {
    name: "the column needs says what the fact says",
    given: [ask],
    when: column(say(drafted("d", { needs: 2 })), { needs: 1 }),
    must: /constraint|violates/i,
  },
  {
    name: "the column epoch says what the fact says",
    given: [ask, draft],
    when: forged(ok("d"), (row) => ({ ...row, fact: row.fact.replace('"epoch":0', '"epoch":7') })),
    must: /constraint|violates/i,
  },
  {
    name: "a key stands once in a fact",
    given: [ask],
    when: forged(draft, (row) => ({ ...row, fact: row.fact.replace("{", '{"needs":1,') })),
    must: /stands twice|constraint|violates/i,
  },
  {
    name: "a fact is JSON",
    given: [ask],
    when: forged(draft, (row) => ({ ...row, fact: row.fact.replace(/}$/, ",}") })),
    must: /constraint|violates|json/i,
  },
  { name: "a draft says how many must approve", given: [ask], when: both(draft, { needs: null }), must: /constraint|violates/i },
  { name: "a draft needs somebody", given: [ask], when: both(draft, { needs: 0 }), must: /constraint|violates/i },
  { name: "an approval names its epoch", given: [ask, draft], when: both(ok("d"), { epoch: null }), must: /constraint|violates/i },
  { name: "a post that begins names what it posts", given: [ask], when: both(go, { digest: null, place: null }), must: /constraint|violates/i },
  { name: "a post names its attempt", given: ready, when: both(go, { attempt: null }), must: /constraint|violates/i },
  { name: "versions begin with one", given: [], when: both(ask, { version: 0 }), must: /version is not the next/ },
  { name: "a leaf is hexadecimal", given: [], when: column(ask, { leaf: "x".repeat(64) }), must: /constraint|violates/i },
  { name: "a leaf is the hash of its fact", given: [], when: column(ask, { leaf: "0".repeat(64) }), must: /constraint|violates/i, only: "postgres" },

  { name: "an entry is never changed", given: [ask], when: { sql: "update entry set actor = actor" }, must: /append-only/ },
  { name: "an entry is never deleted", given: [ask], when: { sql: "delete from entry" }, must: /append-only/ },
  { name: "the log is never emptied", given: [ask], when: { sql: "truncate entry" }, must: /append-only/, only: "postgres" },
  ...["update entry set actor = actor", "delete from entry", "truncate entry"].map(
    (sql): Case => ({
      name: `… nor by what poses as a replica: ${sql}`,
      given: [ask],
      when: { sql },
      must: /append-only/,
      only: "postgres",
      as: "replica",
    }),
  ),
  { name: "what poses as a replica posts nothing either", given: [ask, draft], when: go, must: /too few approvals/, only: "postgres", as: "replica" },
]

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
