// The guard in SQLite: what no caller can get past, whatever its code says. Each piece has a name, and a test takes each
// away in turn to see a case turn red. Writers hold `begin immediate`, so a trigger sees everything that came before.
import type { Guards } from "./guards.ts"

/** How often the door of the new entry's place was shut. A door of the whole installation has no place. */
const epoch = `(select count(*) from entry where stream = 'door' and kind = 'stopped'
    and workspace in ('*', new.workspace) and (place is null or place = new.place))`
const doorShut = `exists (select 1 from entry d where d.stream = 'door' and d.kind = 'stopped'
    and d.workspace in ('*', new.workspace) and (d.place is null or d.place = new.place)
    and not exists (select 1 from entry r where r.stream = 'door' and r.workspace = d.workspace and r.place is d.place and r.version > d.version))`
const mine = "workspace = new.workspace and stream = new.stream"
const lastDraft = (column: string) => `(select ${column} from entry where ${mine} and kind = 'drafted' order by version desc limit 1)`
const approval = `kind = 'approved' and digest = new.digest and version > ${lastDraft("version")}`
const refuse = (why: string, when: string) => `select raise(abort, '${why}') where ${when};`

const opens = {
  doorShut: refuse("guard: the door is shut", doorShut),
  lastDraft: refuse("guard: not the last draft", `new.digest is not ${lastDraft("digest")}`),
  place: refuse("guard: not the place of the last draft", `new.place is not ${lastDraft("place")}`),
}
const checks = {
  tied: `check (${["workspace", "stream", "version", "kind", "actor", "place", "digest", "needs", "epoch", "attempt"]
    .map((c) => `json_extract(fact, '$.${c}') is ${c}`)
    .join(" and ")})`,
  // `needs is not null` is said: a CHECK whose answer is null lets in.
  drafted: "check (kind <> 'drafted' or (digest is not null and place is not null and needs is not null and needs >= 1))",
  approved: "check (kind <> 'approved' or (digest is not null and place is not null and epoch is not null))",
  person: "check (kind <> 'approved' or actor <> 'system')",
  posting: "check (kind <> 'postingBegun' or (digest is not null and place is not null))",
  attempt: "check (kind not in ('postingBegun', 'posted', 'postingUnclear', 'postingFailed', 'unclearResolved') or attempt is not null)",
  doorOnly: "check ((stream = 'door') = (kind in ('stopped', 'resumed')))",
  doorWhole: "check (stream <> 'door' or workspace <> '*' or place is null)",
  // Strict: SQLite's functions also take JSON5, which JSON.parse does not.
  canonical: "check (json_valid(fact))",
  leafForm: "check (length(leaf) = 64 and leaf not glob '*[^0-9a-f]*')",
}
const entry = {
  version: refuse("entry: version is not the next one", `new.version <> 1 + (select coalesce(max(version), 0) from entry where ${mine})`),
  // SQLite reads the first of two equal keys, JSON.parse the last: the guard would see another fact than we do.
  twice: refuse(
    "guard: a key stands twice in the fact",
    "(select count(*) from json_each(new.fact)) <> (select count(distinct key) from json_each(new.fact))",
  ),
  seq: refuse("guard: seq is not the next one", "new.seq <> (select coalesce(max(seq) + 1, 0) from entry where workspace = new.workspace)"),
}
const approved = {
  ...opens,
  epoch: refuse("guard: approval from before a stop", `new.epoch <> ${epoch}`),
}
const posting = {
  ...opens,
  followed: refuse(
    "guard: something other than an approval of it followed the last draft",
    `exists (select 1 from entry where ${mine} and version > ${lastDraft("version")}
      and not (kind = 'approved' and digest = new.digest) and kind not in ('cardShown', 'reminded'))`,
  ),
  // Distinct people, and only in the present epoch: a stop voids what was approved before it.
  approvals: refuse(
    "guard: too few approvals",
    `(select count(distinct actor) from entry where ${mine} and ${approval} and epoch = ${epoch}) < ${lastDraft("needs")}`,
  ),
  earlier: refuse(
    "guard: an earlier attempt may have posted",
    `exists (select 1 from entry b where b.workspace = new.workspace and b.stream = new.stream and b.kind = 'postingBegun'
      and not exists (select 1 from entry f where f.workspace = b.workspace and f.stream = b.stream and f.kind = 'postingFailed' and f.attempt = b.attempt))`,
  ),
  canary: refuse(
    "guard: a canary is never posted",
    `exists (select 1 from entry where ${mine} and kind = 'asked' and json_extract(fact, '$.purpose') = 'canary')`,
  ),
}
const frozen = {
  update: "create trigger entry_no_update before update on entry begin select raise(abort, 'guard: append-only'); end",
  delete: "create trigger entry_no_delete before delete on entry begin select raise(abort, 'guard: append-only'); end",
}
const unique = {
  attempt: "create unique index entry_attempt on entry (attempt) where kind = 'postingBegun'",
}

export const sqliteGuards = { checks, entry, approved, posting, frozen, unique } satisfies Guards

export function sqliteLedger(g: Guards): readonly string[] {
  const all = (pieces: Readonly<Record<string, string>> | undefined, between: string) => Object.values(pieces ?? {}).join(between)
  const trigger = (name: string, when: string, pieces: Readonly<Record<string, string>> | undefined) =>
    Object.keys(pieces ?? {}).length === 0 ? [] : [`create trigger ${name} before insert on entry ${when} begin\n${all(pieces, "\n")}\nend`]
  return [
    `create table entry (
      workspace text not null, stream text not null, version integer not null, seq integer not null,
      kind text not null, actor text not null, place text, digest text, needs integer, epoch integer, attempt text,
      fact text not null, leaf text not null,
      ${[...Object.entries(g.checks ?? {}).map(([name, check]) => `constraint entry_${name} ${check}`), "unique (workspace, stream, version)", "unique (workspace, seq)"].join(",\n      ")}
    ) strict`,
    "create index entry_door on entry (workspace, place, kind, version) where stream = 'door'",
    ...Object.values(g.unique ?? {}),
    ...trigger("entry_next", "", g.entry),
    ...trigger("entry_approved", "when new.kind = 'approved'", g.approved),
    ...trigger("entry_posting", "when new.kind = 'postingBegun'", g.posting),
    ...Object.values(g.frozen ?? {}),
    "create table body (workspace text not null, ref text not null, salt blob not null, text blob not null, primary key (workspace, ref)) strict, without rowid",
    "create table person (pseudonym text not null primary key, person text not null, name text not null) strict, without rowid",
    `create table head (workspace text not null, stream text not null, version integer not null, at text not null, due integer,
      person text not null, place text not null, changed integer not null, primary key (workspace, stream)) strict, without rowid`,
    "create index head_due on head (due) where due is not null",
    "create index head_person on head (person, at, changed)",
    "create index head_at on head (at, changed)",
    "create table lookup (workspace text not null, kind text not null, key text not null, stream text not null, primary key (kind, key, workspace)) strict, without rowid",
    sqliteLeases("table"),
  ]
}

export function sqliteLeases(as: "table" | "temp table"): string {
  return `create ${as} lease (workspace text not null, stream text not null, owner text not null, until integer not null, primary key (workspace, stream)) strict, without rowid`
}
