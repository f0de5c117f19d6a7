// Signs what the log says, after posts and stops and at the end, so that it cannot be rewritten unnoticed: not by an attacker
// and not by an old backup. Nobody waits for it; what a crash leaves out, the next start catches up with.
import type { WorkspaceId } from "../core/domain.ts"
import { LedgerCorrupt } from "../core/fold.ts"
import type { Ledger, Log, LoggedEntry, Signer } from "../core/ports.ts"
import { CompactRange, leafHash } from "../label/merkle.ts"
import { type Checkpoint, readCheckpoint, signCheckpoint } from "../label/note.ts"
import { folderOf, noteSizes, readLeaves, readNote, sha256, workspacesIn, writeLeaves, writeNote } from "./evidence.ts"

// Many posts in a moment are one checkpoint, and a click does not share the disk with it.
const afterMs = 100
const atOnce = 1_000

export interface Checkpoints {
  /** For `Parts.onMilestone`: a checkpoint follows soon. Never throws. */
  milestone(): void
  /** A milestone whenever a door changes, also by the command line or by another server, which sign nothing here. Ends with the signal. */
  followDoors(signal: AbortSignal): Promise<void>
  /** Catches up with the ledger now. Throws {@link CheckpointContradicted}. At start, and at the end. */
  flush(): Promise<void>
}
/** The ledger no longer says what was signed. Nothing is signed for the workspace until a person has looked. */
export class CheckpointContradicted extends Error {
  readonly code = "checkpoint-contradicted"
  constructor(workspace: string, seq: number, why: string) {
    super(
      `The ledger of workspace ${workspace} contradicts a signed checkpoint at entry ${seq}: ${why}. ` +
        `Was an older backup restored? Nothing more is signed for it. Run "countersign audit verify"; docs/database.md says how to go on.`,
    )
    this.name = "CheckpointContradicted"
  }
}

export function createCheckpoints(parts: {
  readonly ledger: Ledger
  /** Ed25519. */
  readonly signer: Signer
  readonly folder: string
  /** Address without its scheme under which the log is known, such as `countersign.example.com`. */
  readonly origin: string
  readonly log: Log
}): Checkpoints {
  const trees = new Map<WorkspaceId, Tree>()
  let timer: NodeJS.Timeout | null = null
  let working: Promise<void> = Promise.resolve()

  async function catchUpAll(): Promise<void> {
    const known = new Set([...(await workspacesIn(parts.folder)), ...(await parts.ledger.sizes()).map((s) => s.workspace)])
    let first: unknown = null
    for (const workspace of known) {
      try {
        const tree = trees.get(workspace) ?? (await plant(parts, workspace))
        trees.set(workspace, tree)
        await catchUp(parts, workspace, tree)
      } catch (fault) {
        // One workspace's trouble is not another's. A tree whose writing failed half-way is read again.
        trees.delete(workspace)
        first ??= fault
      }
    }
    if (first !== null) throw first
  }
  function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const done = working.then(catchUpAll)
    working = done.catch(() => undefined)
    return done
  }
  function milestone(): void {
    if (timer !== null) return
    timer = setTimeout(() => void flush().catch((fault: unknown) => tell(parts.log, fault)), afterMs)
    timer.unref()
  }
  return {
    flush,
    milestone,
    async followDoors(signal) {
      for await (const { stream } of parts.ledger.follow(signal)) if (stream === "door") milestone()
    },
  }
}
function tell(log: Log, fault: unknown): void {
  log.error({ fault: fault instanceof Error ? fault.message : typeof fault }, "no checkpoint was signed")
}

type Parts = Parameters<typeof createCheckpoints>[0]
interface Tree {
  range: CompactRange
  last: Uint8Array | null
  /** Size of the newest note; -1: none. */
  signed: number
}

/** The tree as the folder has it. What was signed is believed; whether the ledger still agrees, `catchUp` asks. */
async function plant(parts: Parts, workspace: WorkspaceId): Promise<Tree> {
  const folder = folderOf(parts.folder, workspace)
  const signed = (await noteSizes(folder)).at(-1) ?? -1
  const note = signed < 0 ? null : readCheckpoint(await readNote(folder, signed))
  const leaves = await readLeaves(folder)
  const tree = grow(leaves, note)
  if (tree !== null) return { ...tree, signed }
  // The leaves were lost or damaged. The ledger has them too, and the note says whether they are the same.
  const again = await leavesOf(parts.ledger, workspace, note?.size ?? 0)
  const regrown = grow(again, note)
  if (regrown === null) throw new CheckpointContradicted(workspace, (note?.size ?? 1) - 1, "the root of the entries up to here is another")
  await writeLeaves(folder, 0, again)
  return { ...regrown, signed }
}
function grow(leaves: readonly Uint8Array[], note: Checkpoint | null): Omit<Tree, "signed"> | null {
  const range = new CompactRange(sha256)
  let agreed = note === null || note.size === 0
  for (const leaf of leaves) {
    range.push(leaf)
    if (range.size === note?.size) agreed = same(range.root(), note.root)
  }
  return agreed ? { range, last: leaves.at(-1) ?? null } : null
}
async function leavesOf(ledger: Ledger, workspace: WorkspaceId, size: number): Promise<readonly Uint8Array[]> {
  const leaves: Uint8Array[] = []
  while (leaves.length < size) {
    const entries = await ledger.entries(workspace, leaves.length, Math.min(atOnce, size - leaves.length))
    if (entries.length === 0) throw new CheckpointContradicted(workspace, leaves.length, "it is missing")
    for (const e of entries) leaves.push(leafOf(e))
  }
  return leaves
}

async function catchUp(parts: Parts, workspace: WorkspaceId, tree: Tree): Promise<void> {
  const folder = folderOf(parts.folder, workspace)
  await stillThere(parts.ledger, workspace, tree)
  for (;;) {
    const from = tree.range.size
    const entries = await parts.ledger.entries(workspace, from, atOnce)
    if (entries.length === 0) break
    const leaves = entries.map((e, i) => {
      if (e.seq !== from + i) throw new LedgerCorrupt(`entry ${from + i} of the workspace is missing`, e)
      return leafOf(e)
    })
    // Leaves first: a note must never speak of leaves that the power took.
    await writeLeaves(folder, from, leaves)
    for (const leaf of leaves) tree.range.push(leaf)
    tree.last = leaves.at(-1) ?? null
  }
  if (tree.range.size === tree.signed || tree.range.size === 0) return
  const origin = `${parts.origin}/${encodeURIComponent(workspace)}`
  const note = await signCheckpoint({ origin, size: tree.range.size, root: tree.range.root() }, parts.signer)
  await writeNote(folder, tree.range.size, note)
  tree.signed = tree.range.size
}
/** The last entry that we know is still the same: an older backup lacks it, or has grown another in its place. */
async function stillThere(ledger: Ledger, workspace: WorkspaceId, tree: Tree): Promise<void> {
  if (tree.last === null) return
  const seq = tree.range.size - 1
  const [entry] = await ledger.entries(workspace, seq, 1)
  if (entry?.seq !== seq) throw new CheckpointContradicted(workspace, seq, "it is missing")
  if (!same(leafOf(entry), tree.last)) throw new CheckpointContradicted(workspace, seq, "it is another one")
}
function leafOf(entry: LoggedEntry): Uint8Array {
  return leafHash(sha256, Buffer.from(entry.fact, "utf8"))
}
function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0
}
