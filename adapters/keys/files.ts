// Key material in files that only their owner can read. A file appears whole or not at all, and the first to write it wins:
// processes that start at the same moment end with the same keys. Never prints what a file holds.
import { randomUUID } from "node:crypto"
import { link, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises"
import { join } from "node:path"

/** A key file or its folder cannot be used. The message says what to do; it holds no key material. */
export class KeysUnusable extends Error {
  readonly code = "keys-unusable"
  constructor(what: string, cure: string, options?: ErrorOptions) {
    super(`${what} ${cure}`, options)
    this.name = "KeysUnusable"
  }
}
export const restore = "Restore it from a backup: what it signed or named cannot be continued without it."
const isCode = (cause: unknown, code: string) => typeof cause === "object" && cause !== null && "code" in cause && cause.code === code
// Windows has no such bits; there the folder's own access list decides.
const hasModes = process.platform !== "win32"

export async function openFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const { mode } = await stat(folder)
    if (hasModes && (mode & 0o077) !== 0)
      throw new KeysUnusable(`Other users of this machine can open the folder of keys ${folder}.`, `Close it: chmod 700 ${folder}`)
  } catch (cause) {
    if (cause instanceof KeysUnusable) throw cause
    throw new KeysUnusable(`The folder of keys ${folder} cannot be used.`, "Check that it is a folder that belongs to you and has room.", { cause })
  }
}

/** Names in the folder, unfinished ones left out. */
export async function names(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !name.endsWith(".tmp"))
}

/** The parsed file; null when there is none. `parse` throws on what it does not know. */
export async function read<T>(path: string, parse: (value: unknown) => T): Promise<T | null> {
  let text: string
  try {
    const { mode } = await stat(path)
    if (hasModes && (mode & 0o077) !== 0)
      throw new KeysUnusable(`Other users of this machine can read the key ${path}.`, `Close it: chmod 600 ${path}`)
    text = await readFile(path, "utf8")
  } catch (cause) {
    if (isCode(cause, "ENOENT")) return null
    if (cause instanceof KeysUnusable) throw cause
    throw new KeysUnusable(`The key ${path} cannot be read.`, "Run as the user it belongs to.", { cause })
  }
  try {
    return parse(JSON.parse(text))
  } catch {
    // No cause: parsers quote what they could not parse.
    throw new KeysUnusable(`The key ${path} is damaged.`, restore)
  }
}

/** Writes a new file, unless somebody else was first: then theirs stands. Durable when it returns. */
export async function create(folder: string, name: string, value: unknown): Promise<"created" | "was-there"> {
  const tmp = join(folder, `.${name}.${randomUUID()}.tmp`)
  try {
    const file = await open(tmp, "wx", 0o600)
    try {
      await file.writeFile(JSON.stringify(value))
      await file.sync()
    } finally {
      await file.close()
    }
    // `link`, not `rename`: it fails where a rename would replace the key that another process has just begun to use.
    await link(tmp, join(folder, name))
    await syncFolder(folder)
    return "created"
  } catch (cause) {
    if (isCode(cause, "EEXIST")) {
      // The other process may not have come to its own sync yet.
      await syncFolder(folder)
      return "was-there"
    }
    throw new KeysUnusable(`The key ${join(folder, name)} cannot be written.`, "Check that its folder belongs to you and has room.", { cause })
  } finally {
    await rm(tmp, { force: true })
  }
}
async function syncFolder(folder: string): Promise<void> {
  if (!hasModes) return
  const handle = await open(folder, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
