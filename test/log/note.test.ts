// Signed notes as C2SP describes them: what any other implementation can open, and what ours refuses.
import { expect, test } from "@jest/globals"
import { openCheckpoint, readCheckpoint, signCheckpoint } from "../../src/label/note.ts"
import { testSigner } from "../harness/signers.ts"

const signer = testSigner("Ed25519")
const checkpoint = { origin: "example.com/forum", size: 42, root: new Uint8Array(32).fill(7) }

test("a checkpoint that was signed opens with its key", async () => {
  const note = await signCheckpoint(checkpoint, signer)
  expect(note.split("\n").slice(0, 4)).toEqual(["example.com/forum", "42", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=", ""])
  expect(await openCheckpoint(note, [testSigner("Ed25519").publicKey, signer.publicKey])).toEqual(checkpoint)
  expect(readCheckpoint(note)).toEqual(checkpoint)
})
test("a key's id is that of Go's note package", async () => {
  // Its example verifier: PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW. The first byte says Ed25519.
  const x = Buffer.from("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "base64").subarray(1).toString("base64url")
  const peter = { publicKey: { kty: "OKP", crv: "Ed25519", x }, sign: async () => new Uint8Array(64) }
  const note = await signCheckpoint({ ...checkpoint, origin: "PeterNeumann" }, peter)
  const signature = Buffer.from(note.trimEnd().split(" ").at(-1) ?? "", "base64")
  expect(signature.subarray(0, 4).toString("hex")).toBe("c74f20a3")
})
test("other people's signatures beside ours are skipped", async () => {
  const note = await signCheckpoint(checkpoint, signer)
  expect(await openCheckpoint(`${note}— witness.example AAAAAAAA\n`, [signer.publicKey])).toEqual(checkpoint)
})
test.each([
  ["a key that we do not know", (n: string) => n, [testSigner("Ed25519").publicKey], "unknown-key"],
  ["another size", (n: string) => n.replace("\n42\n", "\n43\n"), [signer.publicKey], "bad-signature"],
  ["another root", (n: string) => n.replace("BwcH", "BwcI"), [signer.publicKey], "bad-signature"],
  ["another origin", (n: string) => n.replaceAll("example.com/forum", "example.com/other"), [signer.publicKey], "unknown-key"],
  ["a signature that was changed", (n: string) => n.replace(/.{4}=*\n$/, "AAA=\n"), [signer.publicKey], "unknown-key|bad-signature|malformed"],
  ["no signature", (n: string) => n.slice(0, n.indexOf("\n\n") + 2), [signer.publicKey], "malformed"],
  ["nothing", () => "", [signer.publicKey], "malformed"],
  ["a root of 31 bytes", (n: string) => n.replace("BwcH", ""), [signer.publicKey], "malformed"],
  ["a size with a zero before it", (n: string) => n.replace("\n42\n", "\n042\n"), [signer.publicKey], "malformed"],
])("refused: %s", async (_why, change, keys, code) => {
  const note = change(await signCheckpoint(checkpoint, signer))
  await expect(openCheckpoint(note, keys)).rejects.toMatchObject({ code: expect.stringMatching(code) })
})
test("an origin with a blank cannot be signed for", async () => {
  await expect(signCheckpoint({ ...checkpoint, origin: "example.com forum" }, signer)).rejects.toThrow("blank")
})
