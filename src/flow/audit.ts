// Checks a whole ledger against itself, against the texts beside it, and against every checkpoint that was signed. Reads
// only. Names the first entry of each workspace that disagrees; what follows it is not judged.
import type { WorkspaceId } from "../core/domain.ts"
import { installation } from "../core/door.ts"
import type { Entry } from "../core/facts.ts"
import type { Ledger, LoggedEntry } from "../core/ports.ts"
import { CompactRange, leafHash } from "../label/merkle.ts"
import { type Checkpoint, NoteRefused, openCheckpoint } from "../label/note.ts"
import { folderOf, noteSizes, readLeaves, readNote, sha256, workspacesIn } from "./evidence.ts"
import { Disagrees, type InstallationDoor, installationDoor, Retrace } from "./retrace.ts"
import { textsOf } from "./texts.ts"

const atOnce = 1_000

export interface Finding {
  readonly workspace: WorkspaceId
  /** Leaf index of the first entry that disagrees; null when it is a checkpoint that does. */
  readonly seq: number | null
  /** Null when the entry is not there. */
  readonly stream: string | null
  readonly version: number | null
  /** What disagrees, in one sentence. */
  readonly what: string
}
export interface AuditReport {
  readonly ok: boolean
  readonly workspaces: number
  readonly entries: number
  readonly checkpoints: number
  /** Texts that match their digests. */
  readonly texts: number
  /** Texts that were erased, as the log says. */
  readonly erased: number
  /** The first is what to look at. Empty when `ok`. */
  readonly findings: readonly Finding[]
}
export interface AuditOptions {
  readonly ledger: Ledger
  /** The checkpoints folder. */
  readonly folder: string
  /** Public Ed25519 keys that ever signed checkpoints. */
  readonly keys: readonly JsonWebKey[]
  /** What is wrong with the database's guard, in one sentence; null: it stands. Entries that fit each other may have been written past it. */
  readonly guardProblem: string | null
}

export async function verify(o: AuditOptions): Promise<AuditReport> {
  const sizes = await o.ledger.sizes()
  const workspaces = [...new Set([...sizes.map((s) => s.workspace), ...(await workspacesIn(o.folder))])].sort()
  const { door, finding } = await outerDoor(o.ledger)
  const tally = new Tally()
  if (finding !== null) tally.findings.push(finding)
  if (o.guardProblem !== null) tally.findings.push({ workspace: installation, seq: null, stream: null, version: null, what: o.guardProblem })
  for (const workspace of workspaces) await new WorkspaceAudit(o, workspace, door, tally).run()
  const { entries, checkpoints, texts, erased, findings } = tally
  return { ok: findings.length === 0, workspaces: workspaces.length, entries, checkpoints, texts, erased, findings }
}
async function outerDoor(ledger: Ledger): Promise<{ readonly door: InstallationDoor; readonly finding: Finding | null }> {
  try {
    return { door: installationDoor(await ledger.read({ workspace: installation, stream: "door" })), finding: null }
  } catch (fault) {
    const what = `The door of the installation cannot be read: ${fault instanceof Error ? fault.message : "unknown fault"}`
    return { door: installationDoor([]), finding: { workspace: installation, seq: null, stream: "door", version: null, what } }
  }
}

class Tally {
  entries = 0
  checkpoints = 0
  texts = 0
  erased = 0
  readonly findings: Finding[] = []
}

class WorkspaceAudit {
  readonly #o: AuditOptions
  readonly #workspace: WorkspaceId
  readonly #tally: Tally
  readonly #retrace: Retrace
  readonly #range = new CompactRange(sha256)
  readonly #looked = new Set<string>()
  /** Texts that are not there, with the first entry that names each. */
  readonly #missing = new Map<string, Entry>()
  #erased = 0
  #agreed = 0

  constructor(o: AuditOptions, workspace: WorkspaceId, door: InstallationDoor, tally: Tally) {
    this.#o = o
    this.#workspace = workspace
    this.#tally = tally
    this.#retrace = new Retrace(workspace, door)
  }

  async run(): Promise<void> {
    const folder = folderOf(this.#o.folder, this.#workspace)
    const leaves = await readLeaves(folder)
    const notes = await this.#notes(folder)
    for (;;) {
      const rows = await this.#o.ledger.entries(this.#workspace, this.#range.size, atOnce)
      if (rows.length === 0) break
      for (const row of rows) if (!(await this.#entry(row, leaves, notes))) return
    }
    const size = this.#range.size
    const signed = Math.max(leaves.length, ...notes.keys())
    if (size < signed) this.#say(null, size, `Entry ${size} is missing: ${signed} entries were checkpointed, and the ledger has ${size}.`)
    else if (this.#missing.size > this.#erased)
      this.#say([...this.#missing.values()][0] ?? null, size, "A text of this entry is gone, and the log tells of no erasure that took it.")
    else this.#tally.erased += this.#missing.size
  }

  /** Checkpoints with a good signature, by size. */
  async #notes(folder: string): Promise<ReadonlyMap<number, Checkpoint>> {
    const notes = new Map<number, Checkpoint>()
    for (const size of await noteSizes(folder)) {
      try {
        const note = await openCheckpoint(await readNote(folder, size), this.#o.keys)
        const here = note.size === size && note.origin.endsWith(`/${encodeURIComponent(this.#workspace)}`)
        if (!here) throw new NoteRefused("malformed", `it is the checkpoint of ${note.origin} at size ${note.size}`)
        notes.set(size, note)
      } catch (fault) {
        if (!(fault instanceof NoteRefused)) throw fault
        this.#say(null, null, `The checkpoint of size ${size} is not ours: ${fault.message}.`)
      }
    }
    return notes
  }

  /** False when the entry disagrees: then nothing after it is judged. */
  async #entry(row: LoggedEntry, leaves: readonly Uint8Array[], notes: ReadonlyMap<number, Checkpoint>): Promise<boolean> {
    const seq = this.#range.size
    if (row.seq !== seq) return this.#say(null, seq, `Entry ${seq} is missing: ${row.seq} is the next.`)
    const leaf = leafHash(sha256, Buffer.from(row.fact, "utf8"))
    const checkpointed = leaves[seq]
    if (checkpointed !== undefined && Buffer.compare(leaf, checkpointed) !== 0)
      return this.#say(row, seq, "This entry is not the one that was checkpointed.")
    if (Buffer.from(leaf).toString("hex") !== row.leaf) return this.#say(row, seq, "The leaf of this entry is not the hash of its fact.")
    this.#range.push(leaf)
    const note = notes.get(this.#range.size)
    if (note !== undefined) {
      if (Buffer.compare(note.root, this.#range.root()) !== 0) {
        const which = this.#agreed === seq ? "This entry" : `One of the entries ${this.#agreed} to ${seq}`
        return this.#say(row, seq, `${which} is not what was signed: the checkpoint of size ${note.size} has another root.`)
      }
      this.#agreed = note.size
      this.#tally.checkpoints += 1
    }
    try {
      const entry = this.#retrace.next(row)
      if (!(await this.#texts(entry, row))) return false
    } catch (fault) {
      if (fault instanceof Disagrees) return this.#say(row, seq, `This entry ${fault.message}.`)
      throw fault
    }
    this.#tally.entries += 1
    return true
  }
  async #texts(entry: Entry, row: LoggedEntry): Promise<boolean> {
    if (entry.fact.kind === "erased") this.#erased += entry.fact.bodies
    for (const { ref } of textsOf(entry.fact)) {
      if (this.#looked.has(ref)) continue
      this.#looked.add(ref)
      try {
        const text = await this.#o.ledger.body(this.#workspace, ref)
        if (text === null) this.#missing.set(ref, entry)
        else this.#tally.texts += 1
      } catch (fault) {
        if (codeOf(fault) === "body-forged") return this.#say(row, row.seq, `The text ${ref} of this entry does not match its digest.`)
        throw fault
      }
    }
    return true
  }
  #say(at: { readonly stream: string; readonly version: number; readonly seq: number } | null, seq: number | null, what: string): false {
    const { stream = null, version = null } = at ?? {}
    this.#tally.findings.push({ workspace: this.#workspace, seq: at?.seq ?? seq, stream, version, what })
    return false
  }
}
function codeOf(fault: unknown): unknown {
  return fault instanceof Error && "code" in fault ? fault.code : null
}
