// Texts beside the log, by salted digest. A text that does not match its digest is never handed out.
import { createHash } from "node:crypto"
import type { Digest, WorkspaceId } from "../../src/core/domain.ts"
import type { Ledgered } from "./append.ts"
import { type Holes, prepared } from "./prepared.ts"

/** SHA-256(salt ‖ text), base64url. */
export function sealedRef(salt: Uint8Array, text: Uint8Array): string {
  return createHash("sha256").update(salt).update(text).digest("base64url")
}
const bodyOf = prepared((db, hole: Holes<"workspace" | "ref">) =>
  db.selectFrom("body").select(["salt", "text"]).where("workspace", "=", hole("workspace")).where("ref", "=", hole("ref")),
)
export async function readBody(db: Ledgered, workspace: WorkspaceId, ref: Digest): Promise<string | null> {
  const row = (await bodyOf(db, { workspace, ref }))[0]
  if (row === undefined) return null
  if (sealedRef(row.salt, row.text) !== ref) throw new BodyForged(workspace, ref)
  return Buffer.from(row.text).toString("utf8")
}
/** Somebody changed a stored text. It is not used. */
export class BodyForged extends Error {
  readonly code = "body-forged"
  constructor(workspace: string, ref: string) {
    super(`The text ${ref} of workspace ${workspace} does not match its digest. Run "countersign audit verify".`)
    this.name = "BodyForged"
  }
}
