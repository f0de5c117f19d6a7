// The checkpoints folder: for each workspace the leaves in order (32 bytes each) and signed notes of its growing tree. Kept
// apart from the database, so that whoever rewrites the one contradicts the other. Copy it elsewhere now and then.
import { hash } from "node:crypto"
import { mkdir, open, readdir, readFile, rename } from "node:fs/promises"
import { join } from "node:path"
import type { WorkspaceId } from "../core/domain.ts"
import type { Sha256 } from "../label/merkle.ts"

export const sha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer")
const leafBytes = 32
const digits = 12

/** A workspace's folder. Its id comes from a platform: nothing in it may climb out of the folder. */
export function folderOf(checkpoints: string, workspace: WorkspaceId): string {
  const name = encodeURIComponent(workspace).replaceAll("*", "%2A").replaceAll(".", "%2E")
  return join(checkpoints, name)
}
/** Workspaces that the folder knows, also those that the ledger has lost. */
export async function workspacesIn(checkpoints: string): Promise<readonly WorkspaceId[]> {
  const names = await readdir(checkpoints, { withFileTypes: true }).catch(none)
  return names.filter((n) => n.isDirectory()).map((n) => decodeURIComponent(n.name) as WorkspaceId)
}

/** Whole leaves only: a write that was cut short is as if it had not begun. */
export async function readLeaves(folder: string): Promise<readonly Uint8Array[]> {
  const bytes = await readFile(join(folder, "leaves")).catch(empty)
  return Array.from({ length: Math.floor(bytes.length / leafBytes) }, (_, i) => bytes.subarray(i * leafBytes, (i + 1) * leafBytes))
}
/** On the disk when it returns. At a place in the file, not at its end: two processes that write the same change nothing. */
export async function writeLeaves(folder: string, from: number, leaves: readonly Uint8Array[]): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, "leaves")
  const file = await open(path, "r+").catch(() => open(path, "w+", 0o600))
  try {
    await file.write(Buffer.concat(leaves), 0, leaves.length * leafBytes, from * leafBytes)
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** Sizes of the notes, smallest first. */
export async function noteSizes(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch(none)
  return names
    .flatMap((n) => /^([0-9]+)\.note$/.exec(n)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}
export function readNote(folder: string, size: number): Promise<string> {
  return readFile(noteOf(folder, size), "utf8")
}
/** Whole or not at all, also when the power goes. */
export async function writeNote(folder: string, size: number, note: string): Promise<void> {
  const temporary = join(folder, `${size}.${process.pid}.tmp`)
  const file = await open(temporary, "w", 0o644)
  try {
    await file.writeFile(note)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, noteOf(folder, size))
  await syncFolder(folder)
}
// A new name is on the disk when its folder is. Windows cannot open folders, and needs no sync of them.
async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, "r").catch(() => null)
  await opened?.sync().catch(() => undefined)
  await opened?.close()
}
const noteOf = (folder: string, size: number) => join(folder, `${String(size).padStart(digits, "0")}.note`)

function missing(fault: unknown): boolean {
  return (fault as NodeJS.ErrnoException).code === "ENOENT"
}
function none(fault: unknown): [] {
  if (missing(fault)) return []
  throw fault
}
function empty(fault: unknown): Buffer {
  if (missing(fault)) return Buffer.alloc(0)
  throw fault
}
