// The installation's keys, made at first start and kept as files: one signs labels, one signs the log, one names people.
// Callers: main.ts. A key management service fits the same ports.
import { hkdfSync } from "node:crypto"
import { rm } from "node:fs/promises"
import { join } from "node:path"
import { z } from "zod"
import type { Clock, Pseudonyms, Signer } from "../../src/core/ports.ts"
import { create, KeysUnusable, names, openFolder, read, restore } from "./files.ts"
import { newSecret, pseudonymsOf } from "./pseudonyms.ts"
import { generateJwk, type SignerAlg, signerOf } from "./signer.ts"

/** A key as `/.well-known/jwks.json` has it. `exp`, seconds: it signs no label from then on, and still verifies those before. */
export interface PublicLabelKey {
  readonly kty: string
  readonly crv: string
  readonly x: string
  readonly y: string
  readonly kid: string
  readonly alg: "ES256"
  readonly use: "sig"
  readonly exp?: number
}
export interface Keys {
  /** Signs labels: ES256. Always the newest key, also after a rotation by this process. */
  readonly label: Signer
  /** Signs checkpoints: Ed25519. */
  readonly log: Signer
  readonly pseudonyms: Pseudonyms
  /** 32 bytes for one purpose, the same at each start; nobody learns another purpose's from them. HKDF-SHA-256, RFC 5869. */
  derive(purpose: string): Uint8Array
  /** All label keys that ever were, newest first. */
  jwks(): { readonly keys: readonly PublicLabelKey[] }
  /** A new key from now on. The old one ends `retirementMs` later, so that other processes of the installation have time to be restarted. */
  rotateLabelKey(): Promise<void>
}
export { KeysUnusable }
export const retirementMs = 24 * 60 * 60_000

const part = z.string().min(1)
const privateJwk = z.object({ kty: part, crv: part, x: part, y: part.optional(), d: part })
const publicJwk = z.object({
  kty: part,
  crv: part,
  x: part,
  y: part,
  kid: part,
  alg: z.literal("ES256"),
  use: z.literal("sig"),
  exp: z.number().int(),
})
const signerFile = z.object({ v: z.literal(1), key: privateJwk })
/** One generation of the label key, with the public halves of all before it. */
const labelFile = signerFile.extend({ retired: z.array(publicJwk) })
const pseudonymFile = z.object({ v: z.literal(1), secret: z.string().regex(/^[A-Za-z0-9_-]{43}$/) })

/** Opens the keys in `folder`, making those that are missing at a first start. Throws {@link KeysUnusable}. */
export async function openKeys(folder: string, clock: Pick<Clock, "now"> = Date): Promise<Keys> {
  await openFolder(folder)
  // The label key is made last: where it stands, the others were made too, and one that is missing was lost.
  const missing = (await generations(folder)).length > 0 ? "lost" : "not-made-yet"
  const log = await usable(
    folder,
    logName,
    "Ed25519",
    await keep(folder, logName, signerFile, missing, async () => ({ key: await generateJwk("Ed25519") })),
  )
  const { secret } = await keep(folder, peopleName, pseudonymFile, missing, () => ({ secret: newSecret() }))
  let now = await newest(folder)

  return {
    label: {
      get keyId() {
        return now.signer.keyId
      },
      alg: "ES256",
      get publicKey() {
        return now.signer.publicKey
      },
      sign: (bytes) => now.signer.sign(bytes),
    },
    log,
    pseudonyms: pseudonymsOf(secret),
    derive: (purpose) => new Uint8Array(hkdfSync("sha256", Buffer.from(secret, "base64url"), "countersign", purpose, 32)),
    jwks: () => ({ keys: [published(now.signer), ...now.retired] }),
    async rotateLabelKey() {
      const exp = Math.floor((clock.now() + retirementMs) / 1000)
      const retired = [{ ...published(now.signer), exp }, ...now.retired]
      const next = { v: 1, key: await generateJwk("ES256"), retired }
      // Two processes that rotate at once make one new generation: the second finds the first one's.
      await create(folder, labelName(now.generation + 1), next)
      now = await newest(folder)
    },
  }
}

interface Generation {
  readonly generation: number
  readonly signer: Signer
  readonly retired: readonly (PublicLabelKey & { readonly exp: number })[]
}
const logName = "log.json"
const peopleName = "people.json"
const labelName = (generation: number) => `label-${generation}.json`

/** Generations of the label key that have a file, oldest first. */
async function generations(folder: string): Promise<readonly number[]> {
  const found = (await names(folder)).map((name) => Number(/^label-([1-9]\d{0,8})\.json$/.exec(name)?.[1] ?? 0))
  return found.filter((n) => n > 0).sort((a, b) => a - b)
}
async function newest(folder: string): Promise<Generation> {
  // Again when another process rotates between the look and the reading.
  for (let attempt = 0; attempt < 5; attempt++) {
    const found = await generations(folder)
    const generation = found.at(-1)
    if (generation === undefined) {
      await create(folder, labelName(1), { v: 1, key: await generateJwk("ES256"), retired: [] })
      continue
    }
    const name = labelName(generation)
    const file = await read(join(folder, name), (value) => labelFile.parse(value))
    if (file === null) continue
    const signer = await usable(folder, name, "ES256", file)
    // The newest file has the public halves of all before it; their private halves are of no more use but to a thief.
    for (const old of found.slice(0, -1)) await rm(join(folder, labelName(old)), { force: true })
    return { generation, signer, retired: file.retired }
  }
  throw new KeysUnusable(`The label key in ${folder} changes while it is read.`, "Another process rotates keys there again and again: stop it.")
}
async function usable(folder: string, name: string, alg: SignerAlg, file: z.infer<typeof signerFile>): Promise<Signer> {
  try {
    return await signerOf(alg, file.key as JsonWebKey)
  } catch {
    throw new KeysUnusable(`The key ${join(folder, name)} is damaged.`, restore)
  }
}
/** The file's content; made first when it was never made. What is used is always what was read back. */
async function keep<S extends z.ZodType>(
  folder: string,
  name: string,
  schema: S,
  missing: "lost" | "not-made-yet",
  make: () => Promise<object> | object,
): Promise<z.infer<S>> {
  const path = join(folder, name)
  const parse = (value: unknown) => schema.parse(value)
  const there = await read(path, parse)
  if (there !== null) return there
  if (missing === "lost") throw new KeysUnusable(`The key ${path} is missing, though this installation had one.`, restore)
  await create(folder, name, { v: 1, ...(await make()) })
  const made = await read(path, parse)
  if (made === null) throw new KeysUnusable(`The key ${path} vanished while it was made.`, "Start again.")
  return made
}
function published(signer: Signer): PublicLabelKey {
  const { kty, crv, x, y } = signer.publicKey as { kty: string; crv: string; x: string; y: string }
  return { kty, crv, x, y, kid: signer.keyId, alg: "ES256", use: "sig" }
}
