// The rows of the ledger as kysely sees them. `entry` is the truth; `body` and `person` stand beside it so that they can be
// erased; `head`, `lookup` and `lease` are derived and can be made again. The same columns in both dialects.

export interface EntryRow {
  workspace: string
  stream: string
  version: number
  /** Leaf index in the workspace's tree. PostgreSQL gives it under the workspace's lock. */
  seq: number
  kind: string
  actor: string
  place: string | null
  digest: string | null
  needs: number | null
  epoch: number | null
  attempt: string | null
  /** RFC 8785. */
  fact: string
  /** Hex SHA-256(0x00 ‖ fact): the leaf of RFC 6962. */
  leaf: string
}
export const entryColumns: Readonly<Record<keyof EntryRow, true>> = {
  ...{ workspace: true, stream: true, version: true, seq: true, kind: true, actor: true, place: true },
  ...{ digest: true, needs: true, epoch: true, attempt: true, fact: true, leaf: true },
}
export interface BodyRow {
  workspace: string
  ref: string
  salt: Uint8Array
  /** UTF-8 bytes: a text column of PostgreSQL takes no U+0000. */
  text: Uint8Array
}
/** Across workspaces: a pseudonym names one account of one platform wherever it acts, and erasure takes it everywhere. */
export interface PersonRow {
  pseudonym: string
  person: string
  name: string
}
export interface HeadRow {
  workspace: string
  stream: string
  version: number
  at: string
  due: number | null
  person: string
  place: string
  changed: number
}
export interface LookupRow {
  workspace: string
  kind: string
  key: string
  stream: string
}
export interface LeaseRow {
  workspace: string
  stream: string
  owner: string
  until: number
}
export interface LedgerTables {
  entry: EntryRow
  body: BodyRow
  person: PersonRow
  head: HeadRow
  lookup: LookupRow
  lease: LeaseRow
}
