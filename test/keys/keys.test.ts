// Key files: private, durable, the same for all processes, never silently replaced.
import { fork } from "node:child_process"
import { once } from "node:events"
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals"
import { KeysUnusable, openKeys, retirementMs } from "../../adapters/keys/index.ts"
import type { PersonId } from "../../src/core/domain.ts"
import { signLabel } from "../../src/label/sign.ts"
import { verifyLabel } from "../../src/label/verify.ts"
import { signerContract } from "../contracts/signer.ts"
import { sampleClaims } from "../label/sample.ts"

let root: string
let folder: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "keys-"))
  folder = join(root, "keys")
})
afterEach(() => rm(root, { recursive: true, force: true }))

for (const which of ["label", "log"] as const) {
  signerContract(`key file, ${which}`, async () => {
    const own = await mkdtemp(join(tmpdir(), "keys-"))
    const keys = await openKeys(join(own, "keys"))
    return { signer: keys[which], close: () => rm(own, { recursive: true, force: true }) }
  })
}
const rin = "forum:1" as PersonId
const identity = async (at: string) => {
  const keys = await openKeys(at)
  return { label: keys.label.keyId, log: keys.log.keyId, rin: keys.pseudonyms.of(rin) }
}

describe("key files", () => {
  test("the label key is ES256 and the log key Ed25519", async () => {
    const keys = await openKeys(folder)
    expect([keys.label.alg, keys.log.alg]).toEqual(["ES256", "Ed25519"])
  })
  test("the same keys come back at the next start", async () => {
    const before = await identity(folder)
    expect(await identity(folder)).toEqual(before)
  })
  test("only the owner can read files and folder, whatever the umask", async () => {
    const umask = process.umask(0)
    await openKeys(folder).finally(() => process.umask(umask))
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    const files = await readdir(folder)
    expect(files.sort()).toEqual(["label-1.json", "log.json", "people.json"])
    for (const file of files) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600)
  })
  test("processes that start at the same moment end with the same keys", async () => {
    const children = Array.from({ length: 4 }, () => fork(join(import.meta.dirname, "opens-keys.ts"), [folder], { execArgv: [] }))
    await Promise.all(children.map((child) => once(child, "message")))
    const answers = children.map((child) => once(child, "message"))
    for (const child of children) child.send("go")
    const seen = (await Promise.all(answers)).map(([message]) => JSON.stringify(message))
    await Promise.all(children.map((child) => child.exitCode ?? once(child, "exit")))
    expect(new Set(seen).size).toBe(1)
    expect(JSON.parse(seen[0] as string)).toEqual(await identity(folder))
  })
  test("opened twenty times at once, there is one set of keys and nothing half-written is left", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => identity(folder)))
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1)
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([])
  })

  const cure = (words: string) => expect.objectContaining({ code: "keys-unusable", message: expect.stringContaining(words) })
  test.each(["label-1.json", "log.json", "people.json"])("a %s that others can read is refused, with the command that closes it", async (name) => {
    await openKeys(folder)
    await chmod(join(folder, name), 0o640)
    await expect(openKeys(folder)).rejects.toEqual(cure(`chmod 600 ${join(folder, name)}`))
  })
  test("a folder that others can open is refused", async () => {
    await openKeys(folder)
    await chmod(folder, 0o755)
    await expect(openKeys(folder)).rejects.toEqual(cure(`chmod 700 ${folder}`))
  })
  test.each(["label-1.json", "log.json", "people.json"])("a damaged %s is refused, never replaced, never quoted", async (name) => {
    await openKeys(folder)
    const path = join(folder, name)
    const secret = (await readFile(path, "utf8")).slice(0, -9)
    for (const damage of [secret, "", "{}", "null", JSON.stringify({ v: 2 })]) {
      await writeFile(path, damage)
      const fault = await openKeys(folder).catch((e: unknown) => e)
      expect(fault).toEqual(cure(`${path} is damaged`))
      expect(String((fault as Error).message) + String((fault as Error).cause)).not.toContain(secret.slice(30, 50))
      expect(await readFile(path, "utf8")).toBe(damage)
    }
  })
  test.each(["label-1.json", "log.json"])("a %s of two halves that do not belong together is refused", async (name) => {
    await openKeys(folder)
    await openKeys(join(root, "other"))
    const [mine, other] = await Promise.all([folder, join(root, "other")].map(async (f) => JSON.parse(await readFile(join(f, name), "utf8"))))
    await writeFile(join(folder, name), JSON.stringify({ ...mine, key: { ...mine.key, d: other.key.d } }))
    await expect(openKeys(folder)).rejects.toEqual(cure("damaged"))
  })
  test.each(["log.json", "people.json"])("a %s that was lost is named, not made anew", async (name) => {
    await openKeys(folder)
    await rm(join(folder, name))
    await expect(openKeys(folder)).rejects.toEqual(cure("is missing, though this installation had one"))
    expect(await readdir(folder)).not.toContain(name)
  })
  test("a folder that is a file is refused with a sentence", async () => {
    await writeFile(folder, "")
    await expect(openKeys(folder)).rejects.toBeInstanceOf(KeysUnusable)
  })
})

describe("pseudonyms", () => {
  test("the same account has the same one, another account another, and none shows the account", async () => {
    const { pseudonyms } = await openKeys(folder)
    expect(pseudonyms.of(rin)).toMatch(/^p_[A-Za-z0-9_-]{22}$/)
    expect(pseudonyms.of(rin)).toBe(pseudonyms.of(rin))
    expect(pseudonyms.of("forum:2" as PersonId)).not.toBe(pseudonyms.of(rin))
  })
  test("another installation calls the same account otherwise", async () => {
    const [here, there] = await Promise.all([openKeys(folder), openKeys(join(root, "other"))])
    expect(here.pseudonyms.of(rin)).not.toBe(there.pseudonyms.of(rin))
  })
})

describe("rotation of the label key", () => {
  const atMs = sampleClaims.iat * 1000
  const clock = { now: () => atMs }

  test("labels of the old key still verify, and new ones are signed by the new key", async () => {
    const keys = await openKeys(folder, clock)
    const old = { id: keys.label.keyId, jws: await signLabel(sampleClaims, keys.label) }
    await keys.rotateLabelKey()
    expect(keys.label.keyId).not.toBe(old.id)
    const how = { expect: {}, keysOf: () => keys.jwks() }
    for (const jws of [old.jws, await signLabel(sampleClaims, keys.label)]) expect(await verifyLabel(jws, how)).toHaveProperty("valid")
  })
  test("a label issued after its key ended does not verify", async () => {
    const keys = await openKeys(folder, clock)
    const jws = await signLabel({ ...sampleClaims, iat: sampleClaims.iat + retirementMs / 1000 }, keys.label)
    await keys.rotateLabelKey()
    expect(await verifyLabel(jws, { expect: {}, keysOf: () => keys.jwks() })).toHaveProperty("invalid", "expired-key")
  })
  test("retired keys stay published after a restart, with the second they end, and their private halves are gone", async () => {
    const keys = await openKeys(folder, clock)
    const first = keys.label.keyId
    await keys.rotateLabelKey()
    await keys.rotateLabelKey()
    const again = await openKeys(folder, clock)
    expect(again.jwks()).toEqual(keys.jwks())
    expect(again.jwks().keys.map((k) => k.exp)).toEqual([undefined, (atMs + retirementMs) / 1000, (atMs + retirementMs) / 1000])
    expect(again.jwks().keys.at(-1)?.kid).toBe(first)
    expect((await readdir(folder)).sort()).toEqual(["label-3.json", "log.json", "people.json"])
    expect(JSON.stringify(again.jwks())).not.toContain('"d"')
  })
  test("two processes that rotate at once end with one new key", async () => {
    const [a, b] = await Promise.all([openKeys(folder, clock), openKeys(folder, clock)])
    await Promise.all([a.rotateLabelKey(), b.rotateLabelKey()])
    expect(a.jwks()).toEqual(b.jwks())
    expect(a.jwks().keys).toHaveLength(2)
  })
})
