// Texts beside the log. A fact names a text by a salted digest, so the text can be erased and still not be guessed.
import { createHash, randomBytes } from "node:crypto"
import type { Digest, Draft, WorkspaceId } from "../core/domain.ts"
import type { Ledger, Sealed } from "../core/ports.ts"

export function seal(text: string): Sealed {
  const salt = randomBytes(16)
  return { ref: digestOf(salt, text), salt, text }
}
/** SHA-256(salt ‖ UTF-8 of text), base64url. */
export function digestOf(salt: Uint8Array, text: string): Digest {
  return createHash("sha256").update(salt).update(text, "utf8").digest("base64url") as Digest
}
/** The draft that a digest names, whole; null when it was erased. The ledger has checked the digest. */
export async function readDraft(ledger: Ledger, workspace: WorkspaceId, digest: Digest): Promise<Draft | null> {
  const text = await ledger.body(workspace, digest)
  return text === null ? null : (JSON.parse(text) as Draft)
}
