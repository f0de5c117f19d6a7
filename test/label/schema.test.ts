// The published schema and the library's own checker say the same of claims, so that third parties can rely on either.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "@jest/globals"
import { z } from "zod"
import { parseClaims } from "../../src/label/shape.ts"
import { sampleClaims as c } from "./sample.ts"

const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(import.meta.dirname, "../../schema/label.schema.json"), "utf8")))
const without = (name: keyof typeof c) => Object.fromEntries(Object.entries(c).filter(([key]) => key !== name))

describe("schema and checker agree", () => {
  test.each<[string, unknown, boolean]>([
    ["a label", c, true],
    ["a correction", { ...c, sup: "01KAJ6ZZZZZZZZZZZZZZZZZZZZ" }, true],
    ["a label in a thread", { ...c, ctx: { ...c.ctx, th: "9" } }, true],
    ["a label without a model", { ...c, gen: { sys: "x", prv: "", at: 1 } }, true],
    ["a member of a later version", { ...c, new: 1 }, true],
    ...(Object.keys(c) as (keyof typeof c)[]).map((name): [string, unknown, boolean] => [`no ${name}`, without(name), false]),
    ["an array", [c], false],
    ["null", null, false],
    ["another version", { ...c, v: 2 }, false],
    ["another source type", { ...c, dst: "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation" }, false],
    ["ai-autonomous", { ...c, aid: "ai-autonomous" }, false],
    ["a fraction of a second", { ...c, iat: 0.5 }, false],
    ["a time as text", { ...c, iat: "1" }, false],
    ["an id in lower case", { ...c, jti: c.jti.toLowerCase() }, false],
    ["no approver", { ...c, rev: { ...c.rev, by: [] } }, false],
    ["an approver without a name", { ...c, rev: { ...c.rev, by: [""] } }, false],
    ["an unknown amount of editing", { ...c, rev: { ...c.rev, edit: "50%" } }, false],
    ["a hash in hexadecimal", { ...c, dig: { ...c.dig, vis: "0".repeat(64) } }, false],
    ["a place without a channel", { ...c, ctx: { p: "forum", ws: "forum" } }, false],
    ["an issuer with a path", { ...c, iss: "https://forum.example/x" }, false],
    ["a page of another shape", { ...c, url: "https://forum.example/labels/1" }, false],
  ])("on %s", (_what, claims, good) => {
    expect({ schema: schema.safeParse(claims).success, checker: "ok" in parseClaims(claims) }).toEqual({ schema: good, checker: good })
  })
})
