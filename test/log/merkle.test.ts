// The tree against the vectors of Certificate Transparency, and against its definition.
import { hash } from "node:crypto"
import { expect, test } from "@jest/globals"
import { CompactRange, leafHash, nodeHash, type Sha256 } from "../../src/label/merkle.ts"

const sha256: Sha256 = (bytes) => hash("sha256", bytes, "buffer")
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex")

// certificate-transparency-go, the reference implementation of RFC 6962: the roots over the first n of these inputs.
const inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

test("the root over no leaves is the hash of nothing", () => {
  expect(hex(new CompactRange(sha256).root())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
})
test("the roots of Certificate Transparency's vectors", () => {
  const range = new CompactRange(sha256)
  const got = inputs.map((input) => {
    range.push(leafHash(sha256, Buffer.from(input, "hex")))
    return hex(range.root())
  })
  expect(got).toEqual(roots)
})
test("a compact range has the root that RFC 6962 defines, at every size up to 130", () => {
  const leaves = Array.from({ length: 130 }, (_, i) => leafHash(sha256, Buffer.from(`leaf ${i}`)))
  const range = new CompactRange(sha256)
  for (const leaf of leaves) {
    range.push(leaf)
    expect(hex(range.root())).toBe(hex(defined(leaves.slice(0, range.size))))
  }
})
/** MTH of RFC 6962 §2.1, word for word. */
function defined(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0] as Uint8Array
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(sha256, defined(leaves.slice(0, k)), defined(leaves.slice(k)))
}
