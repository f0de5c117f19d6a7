// The Merkle tree of RFC 6962 (Certificate Transparency), as a compact range: append a leaf, ask for the root, keep only
// log2(n) hashes. Pure; the caller brings SHA-256, so it runs wherever there is one.

/** SHA-256 of bytes, at once. In Node: `(b) => hash("sha256", b, "buffer")` of `node:crypto`. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/** SHA-256(0x00 ‖ entry), RFC 6962 §2.1. Without the prefix a node could pose as a leaf. */
export function leafHash(sha256: Sha256, entry: Uint8Array): Uint8Array {
  return sha256(joined(leafPrefix, entry))
}
/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(sha256: Sha256, left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(joined(nodePrefix, left, right))
}

export class CompactRange {
  readonly #sha256: Sha256
  /** Roots of the perfect subtrees, largest first: one for each bit of the size. */
  readonly #roots: Uint8Array[] = []
  #size = 0

  constructor(sha256: Sha256) {
    this.#sha256 = sha256
  }
  /** Leaves so far. */
  get size(): number {
    return this.#size
  }
  /** Adds the next leaf, already hashed with {@link leafHash}. */
  push(leaf: Uint8Array): void {
    let root = leaf
    // Each trailing one bit of the size is a subtree as large as what is carried. Not `>> 1`: sizes may pass 2^31.
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) root = nodeHash(this.#sha256, this.#roots.pop() as Uint8Array, root)
    this.#roots.push(root)
    this.#size += 1
  }
  /** Root of the tree over all leaves so far; of no leaves it is the hash of nothing. */
  root(): Uint8Array {
    if (this.#roots.length === 0) return this.#sha256(new Uint8Array())
    return this.#roots.reduceRight((right, left) => nodeHash(this.#sha256, left, right))
  }
}

const leafPrefix = Uint8Array.of(0)
const nodePrefix = Uint8Array.of(1)
function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0))
  let at = 0
  for (const p of parts) {
    all.set(p, at)
    at += p.length
  }
  return all
}
