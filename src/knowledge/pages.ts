// Finds and reads the Markdown files of a folder. Never reads outside it: a link that leads out is skipped, as are
// hidden folders, binary files and files too large to be documentation. What is skipped is counted, not fatal.
import { open, readdir, realpath, stat } from "node:fs/promises"
import { join, sep } from "node:path"

export interface Page {
  /** Relative to the folder, with `/`. */
  readonly path: string
  readonly text: string
}
export interface Found {
  readonly path: string
  readonly file: string
  /** Changes whenever the file's content may have. */
  readonly stamp: string
}
export interface Listing {
  readonly pages: readonly Found[]
  readonly skipped: number
}
/** The folder cannot be read at all. The message names the variable and the cure. */
export class KnowledgeUnreadable extends Error {
  readonly code = "knowledge-unreadable"
  constructor(why: string, options?: ErrorOptions) {
    super(why, options)
    this.name = "KnowledgeUnreadable"
  }
}

const maxPages = 5_000
const maxPageBytes = 1_048_576 // a page of documentation is a few kB; a log or a dump named .md is not one
const maxDepth = 12

export async function listPages(folder: string): Promise<Listing> {
  const root = await rootOf(folder)
  const pages: Found[] = []
  let skipped = 0
  const walk = async (path: string, depth: number): Promise<void> => {
    const entries = await readdir(join(root, path), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (entry.name.startsWith(".") || entry.name === "node_modules") continue
      const at = path === "" ? entry.name : `${path}/${entry.name}`
      if (entry.isDirectory()) {
        if (depth < maxDepth) await walk(at, depth + 1).catch(() => skipped++)
        else skipped++
      } else if (/\.(md|markdown)$/i.test(entry.name)) {
        const found = pages.length < maxPages ? await look(root, at) : null
        if (found === null) skipped++
        else pages.push(found)
      }
    }
  }
  try {
    await walk("", 0)
  } catch (cause) {
    throw unreadable(folder, "cannot be read", cause)
  }
  return { pages, skipped }
}

/** The file's text; null when it is binary, not UTF-8, or gone. */
export async function readPage(found: Found): Promise<Page | null> {
  const handle = await open(found.file, "r").catch(() => null)
  if (handle === null) return null
  try {
    const buffer = Buffer.alloc(maxPageBytes + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = (await handle.read(buffer, length, buffer.length - length, length)).bytesRead
    const bytes = buffer.subarray(0, length)
    if (length > maxPageBytes || bytes.includes(0)) return null
    return { path: found.path, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) }
  } catch {
    return null
  } finally {
    await handle.close()
  }
}

/** Links are followed to files only, and only inside the folder: mounted config maps are such links. */
async function look(root: string, path: string): Promise<Found | null> {
  try {
    const file = await realpath(join(root, path))
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep)) return null
    const s = await stat(file)
    if (!s.isFile()) return null
    return { path, file, stamp: `${path} ${s.ino} ${s.size} ${s.mtimeMs}` }
  } catch {
    return null
  }
}

async function rootOf(folder: string): Promise<string> {
  try {
    const root = await realpath(folder)
    if ((await stat(root)).isDirectory()) return root
  } catch (cause) {
    throw unreadable(folder, (cause as NodeJS.ErrnoException).code === "ENOENT" ? "does not exist" : "cannot be read", cause)
  }
  throw unreadable(folder, "is not a folder")
}

function unreadable(folder: string, what: string, cause?: unknown): KnowledgeUnreadable {
  return new KnowledgeUnreadable(
    `KNOWLEDGE_DIR is ${JSON.stringify(folder)}, which ${what}. Name a folder of Markdown files that this program may read, or leave it out to use the documentation that comes with Countersign.`,
    { cause },
  )
}
