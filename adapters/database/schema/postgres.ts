// The guard in PostgreSQL: the same rules as in SQLite, and the locks that make them hold among many writers. The locks are
// taken here, in the trigger, so that no caller can forget them. Order: installation, then workspace. Needs PostgreSQL 16.
import type { Guards } from "./guards.ts"

const raise = (why: string) => `raise exception '${why}'`
const refuse = (why: string, when: string) => `if ${when} then ${raise(why)}; end if;`
const mine = "workspace = new.workspace and stream = new.stream"

const checks = {
  tied: `check (${[
    ...["workspace", "stream", "kind", "actor", "place", "digest", "attempt"].map((c) => `fact::json->>'${c}' is not distinct from ${c}`),
    ...["version", "needs", "epoch"].map((c) => `fact::json->>'${c}' is not distinct from ${c}::text`),
  ].join(" and ")})`,
  // `needs is not null` is said: a CHECK whose answer is null lets in.
  drafted: "check (kind <> 'drafted' or (digest is not null and place is not null and needs is not null and needs >= 1))",
  approved: "check (kind <> 'approved' or (digest is not null and place is not null and epoch is not null))",
  person: "check (kind <> 'approved' or actor <> 'system')",
  posting: "check (kind <> 'postingBegun' or (digest is not null and place is not null))",
  attempt: "check (kind not in ('postingBegun', 'posted', 'postingUnclear', 'postingFailed', 'unclearResolved') or attempt is not null)",
  doorOnly: "check ((stream = 'door') = (kind in ('stopped', 'resumed')))",
  doorWhole: "check (stream <> 'door' or workspace <> '*' or place is null)",
  // Of two equal keys json takes the last, as JSON.parse does; SQLite does not. None may stand twice in either.
  canonical: "check (fact is json object with unique keys)",
  leaf: "check (leaf = encode(sha256('\\x00'::bytea || convert_to(fact, 'UTF8')), 'hex'))",
}
const entry = {
  // A lock is useless to a snapshot that was taken before it.
  isolation: refuse("guard: append under read committed", "current_setting('transaction_isolation') <> 'read committed'"),
  // Whoever opens the door or goes through it shares the installation's lock; a stop of the installation owns it, because
  // it is an entry of workspace *. Without it a stop may commit while a postingBegun that did not see it is still open.
  installationLock:
    "if new.kind in ('approved', 'postingBegun') then perform pg_advisory_xact_lock_shared(hashtextextended('countersign:*', 0)); end if;",
  workspaceLock: "perform pg_advisory_xact_lock(hashtextextended('countersign:' || new.workspace, 0));",
  version: `if new.version <> 1 + (select coalesce(max(version), 0) from entry where ${mine}) then raise unique_violation using message = 'entry: version is not the next one'; end if;`,
  seq: "select coalesce(max(seq) + 1, 0) into new.seq from entry where workspace = new.workspace;",
}
const door = "d.stream = 'door' and d.kind = 'stopped' and d.workspace in ('*', new.workspace) and (d.place is null or d.place = new.place)"
const opens = {
  doorShut: refuse(
    "guard: the door is shut",
    `exists (select 1 from entry d where ${door}
      and not exists (select 1 from entry r where r.stream = 'door' and r.workspace = d.workspace and r.place is not distinct from d.place and r.version > d.version))`,
  ),
  lastDraft: refuse("guard: not the last draft", "last.digest is distinct from new.digest"),
  place: refuse("guard: not the place of the last draft", "last.place is distinct from new.place"),
}
const approved = {
  ...opens,
  epoch: refuse("guard: approval from before a stop", `new.epoch <> (select count(*) from entry d where ${door})`),
}
const posting = {
  ...opens,
  followed: refuse(
    "guard: something other than an approval of it followed the last draft",
    `exists (select 1 from entry where ${mine} and version > last.version
      and not (kind = 'approved' and digest = new.digest) and kind not in ('cardShown', 'reminded'))`,
  ),
  approvals: refuse(
    "guard: too few approvals",
    `(select count(distinct actor) from entry where ${mine} and version > last.version and kind = 'approved' and digest = new.digest
      and epoch = (select count(*) from entry d where ${door})) < last.needs`,
  ),
  earlier: refuse(
    "guard: an earlier attempt may have posted",
    `exists (select 1 from entry b where b.workspace = new.workspace and b.stream = new.stream and b.kind = 'postingBegun'
      and not exists (select 1 from entry f where f.workspace = b.workspace and f.stream = b.stream and f.kind = 'postingFailed' and f.attempt = b.attempt))`,
  ),
  canary: refuse(
    "guard: a canary is never posted",
    `exists (select 1 from entry where ${mine} and kind = 'asked' and fact::json->>'purpose' = 'canary')`,
  ),
}
const frozen = {
  update: "create trigger entry_no_update before update on entry for each statement execute function entry_frozen()",
  delete: "create trigger entry_no_delete before delete on entry for each statement execute function entry_frozen()",
  truncate: "create trigger entry_no_truncate before truncate on entry for each statement execute function entry_frozen()",
}
// Otherwise `session_replication_role = replica` switches a trigger off.
const always = {
  guard: "alter table entry enable always trigger entry_guard",
  update: "alter table entry enable always trigger entry_no_update",
  delete: "alter table entry enable always trigger entry_no_delete",
  truncate: "alter table entry enable always trigger entry_no_truncate",
}
const unique = {
  attempt: "create unique index entry_attempt on entry (attempt) where kind = 'postingBegun'",
}
// pg_temp would come first of all: a temporary table named `entry` would show the guard an empty ledger.
const path = { fixed: "set search_path from current" }

export const postgresGuards = { checks, entry, approved, posting, frozen, always, unique, path } satisfies Guards

export function postgresLedger(g: Guards): readonly string[] {
  const all = (pieces: Readonly<Record<string, string>> | undefined) => Object.values(pieces ?? {}).join("\n    ")
  // What stands in `from current` below. Local to the migration's transaction.
  return [
    "select set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)",
    `create table entry (
      workspace text not null, stream text not null, version int not null, seq bigint not null,
      kind text not null, actor text not null, place text, digest text, needs int, epoch int, attempt text,
      fact text not null, leaf text not null,
      ${[...Object.entries(g.checks ?? {}).map(([name, check]) => `constraint entry_${name} ${check}`), "unique (workspace, stream, version)", "unique (workspace, seq)"].join(",\n      ")}
    )`,
    "create index entry_door on entry (workspace, place, kind, version) where stream = 'door'",
    ...Object.values(g.unique ?? {}),
    `create function entry_guard() returns trigger language plpgsql volatile ${all(g.path)} as $guard$
declare last entry%rowtype;
begin
    ${all(g.entry)}
    if new.kind in ('approved', 'postingBegun') then
      select * into last from entry where ${mine} and kind = 'drafted' order by version desc limit 1;
    end if;
    if new.kind = 'approved' then
    ${all(g.approved)}
    elsif new.kind = 'postingBegun' then
    ${all(g.posting)}
    end if;
    return new;
end $guard$`,
    "create function entry_frozen() returns trigger language plpgsql as $guard$ begin raise exception 'guard: append-only'; end $guard$",
    // Told at commit to whoever listens; several of one stream in one transaction are one message.
    `create function entry_told() returns trigger language plpgsql as $told$
      begin perform pg_notify('countersign_entry', json_build_object('workspace', new.workspace, 'stream', new.stream)::text); return null; end $told$`,
    "create trigger entry_guard before insert on entry for each row execute function entry_guard()",
    "create trigger entry_told after insert on entry for each row execute function entry_told()",
    ...Object.values(g.frozen ?? {}),
    ...Object.values(g.always ?? {}),
    "create table body (workspace text not null, ref text not null, salt bytea not null, text bytea not null, primary key (workspace, ref))",
    "create table person (pseudonym text not null primary key, person text not null, name text not null)",
    `create table head (workspace text not null, stream text not null, version int not null, at text not null, due bigint,
      person text not null, place text not null, changed bigint not null, primary key (workspace, stream))`,
    "create index head_due on head (due) where due is not null",
    "create index head_person on head (person, at, changed)",
    "create index head_at on head (at, changed)",
    "create table lookup (workspace text not null, kind text not null, key text not null, stream text not null, primary key (kind, key, workspace))",
    "create table lease (workspace text not null, stream text not null, owner text not null, until bigint not null, primary key (workspace, stream))",
  ]
}
