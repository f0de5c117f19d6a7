// Tokens at rest: AES-256-GCM under a key that is not in the database. A sealed text opens only under the name it was sealed for,
// so that a row cannot be put in another's place.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"

const cipher = "aes-256-gcm"
const ivBytes = 12
const tagBytes = 16

export interface Vault {
  seal(name: string, text: string): string
  /** Throws {@link VaultRefused}. */
  open(name: string, sealed: string): string
}
export class VaultRefused extends Error {
  readonly code = "vault-refused"
  constructor(name: string) {
    super(`the tokens of ${name} cannot be opened: the keys folder is not the one they were stored with. Restore it, or install the app again`)
    this.name = "VaultRefused"
  }
}

/** `key`: 32 bytes. */
export function vault(key: Uint8Array): Vault {
  if (key.length !== 32) throw new Error(`a key of 32 bytes is needed, not of ${key.length}`)
  return {
    seal(name, text) {
      const iv = randomBytes(ivBytes)
      const c = createCipheriv(cipher, key, iv).setAAD(Buffer.from(name, "utf8"))
      return Buffer.concat([iv, c.update(text, "utf8"), c.final(), c.getAuthTag()]).toString("base64url")
    },
    open(name, sealed) {
      const bytes = Buffer.from(sealed, "base64url")
      try {
        const d = createDecipheriv(cipher, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
        d.setAAD(Buffer.from(name, "utf8")).setAuthTag(bytes.subarray(-tagBytes))
        return Buffer.concat([d.update(bytes.subarray(ivBytes, -tagBytes)), d.final()]).toString("utf8")
      } catch {
        throw new VaultRefused(name)
      }
    },
  }
}
