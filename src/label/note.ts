// Checkpoints of a log as signed notes: what anybody can keep, to prove later what the log said. C2SP signed-note and
// tlog-checkpoint (https://c2sp.org/signed-note, https://c2sp.org/tlog-checkpoint), with one Ed25519 signature.
import { base64url } from "jose"

/** The first `size` entries of the log `origin` have the Merkle root `root`. */
export interface Checkpoint {
  /** Names the log: an address without its scheme. No blank, no plus. */
  readonly origin: string
  readonly size: number
  /** 32 bytes. */
  readonly root: Uint8Array
}
/** Signs notes. `publicKey` is an Ed25519 JWK. */
export interface NoteSigner {
  readonly publicKey: JsonWebKey
  sign(bytes: Uint8Array): Promise<Uint8Array>
}
/** The note is not one, or no key that was given has signed it. Says which. */
export class NoteRefused extends Error {
  readonly code: "malformed" | "unknown-key" | "bad-signature"
  constructor(code: NoteRefused["code"], why: string) {
    super(why)
    this.name = "NoteRefused"
    this.code = code
  }
}

/** The signed note of a checkpoint. The key's name is the log's origin, as tlog-checkpoint asks. */
export async function signCheckpoint(c: Checkpoint, signer: NoteSigner): Promise<string> {
  if (!/^[^\s+]+$/.test(c.origin)) throw new TypeError("the origin of a log has no blank and no plus")
  const text = `${c.origin}\n${c.size}\n${toBase64(c.root)}\n`
  const signature = await signer.sign(utf8.encode(text))
  const id = await keyId(c.origin, signer.publicKey)
  return `${text}\n— ${c.origin} ${toBase64(Uint8Array.of(...id, ...signature))}\n`
}

/**
 * The checkpoint that one of `keys` signed. Throws {@link NoteRefused}.
 * Other lines of signatures, by witnesses, are skipped, as signed-note asks.
 */
export async function openCheckpoint(note: string, keys: readonly JsonWebKey[]): Promise<Checkpoint> {
  const { text, signatures, checkpoint } = parse(note)
  for (const { name, bytes } of signatures) {
    if (name !== checkpoint.origin) continue
    for (const key of keys) {
      const id = await keyId(name, key)
      if (bytes.length !== 4 + 64 || id.some((b, i) => b !== bytes[i])) continue
      if (await verifies(key, bytes.slice(4), utf8.encode(text))) return checkpoint
      throw new NoteRefused("bad-signature", `the signature of ${name} at size ${checkpoint.size} is not its key's`)
    }
  }
  throw new NoteRefused("unknown-key", `no known key signed the checkpoint of ${checkpoint.origin} at size ${checkpoint.size}`)
}
/** What a note claims, its signatures not looked at. Throws {@link NoteRefused}. */
export function readCheckpoint(note: string): Checkpoint {
  return parse(note).checkpoint
}

interface Parsed {
  readonly text: string
  readonly signatures: readonly { readonly name: string; readonly bytes: Uint8Array }[]
  readonly checkpoint: Checkpoint
}
function parse(note: string): Parsed {
  const end = note.lastIndexOf("\n\n")
  if (end < 0 || !note.endsWith("\n")) throw new NoteRefused("malformed", "not a signed note")
  const text = note.slice(0, end + 1)
  const signatures = note
    .slice(end + 2, -1)
    .split("\n")
    .map((line) => {
      const [, name, base64] = /^— (\S+) ([A-Za-z0-9+/]+=*)$/.exec(line) ?? []
      if (name === undefined || base64 === undefined) throw new NoteRefused("malformed", "a line of the note is no signature")
      return { name, bytes: fromBase64(base64) }
    })
  const [origin, size, root] = text.split("\n")
  if (origin === undefined || origin === "" || !/^(0|[1-9][0-9]{0,15})$/.test(size ?? "")) throw new NoteRefused("malformed", "not a checkpoint")
  const bytes = /^[A-Za-z0-9+/]{43}=$/.test(root ?? "") ? fromBase64(root ?? "") : null
  if (bytes === null) throw new NoteRefused("malformed", "the root of the checkpoint is not 32 bytes")
  return { text, signatures, checkpoint: { origin, size: Number(size), root: bytes } }
}

// 0x01 says Ed25519. The name is part of the id: one key under two names is two keys.
async function keyId(name: string, key: JsonWebKey): Promise<Uint8Array> {
  if (key.crv !== "Ed25519" || key.x === undefined) throw new TypeError("a log's key is an Ed25519 key")
  const bytes = Uint8Array.of(...utf8.encode(name), 0x0a, 0x01, ...base64url.decode(key.x))
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 4)
}
async function verifies(jwk: JsonWebKey, signature: Uint8Array, signed: Uint8Array): Promise<boolean> {
  const { kty, crv, x } = jwk
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x } as JsonWebKey, { name: "Ed25519" }, false, ["verify"])
  return crypto.subtle.verify({ name: "Ed25519" }, key, new Uint8Array(signature), new Uint8Array(signed))
}

const utf8 = new TextEncoder()
function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}
function fromBase64(text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  } catch {
    throw new NoteRefused("malformed", "not base64")
  }
}
