// Writes the shared vectors: `node test/vectors/write.ts`. What each case must come to is stated here by hand; the tests hold the
// library to it, and any other implementation may. The key is for tests only and signs nothing else.
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { toBase64url } from "../../src/label/canonical.ts"
import type { Claims } from "../../src/label/claims.ts"
import { digitalSourceTypes } from "../../src/label/claims.ts"
import { signLabel, signMini } from "../../src/label/sign.ts"
import { answer, iss, jti, sampleClaims, testKey, wholePost } from "../label/sample.ts"

const here = import.meta.dirname
const key = await testKey()
const stranger = await testKey()
const retired = await testKey()
const utf8 = (text: string) => new TextEncoder().encode(text)
const b64 = (value: unknown) => toBase64url(utf8(JSON.stringify(value)))

/** Signs anything at all, as an attacker with the key would. */
async function forge(header: object, payload: unknown, by = key): Promise<string> {
  const signed = `${b64(header)}.${b64(payload)}`
  return `${signed}.${toBase64url(await by.sign(utf8(signed)))}`
}
const header = { alg: "ES256", kid: key.keyId, typ: "ai-label+jwt" }
const claims = sampleClaims
const good = await signLabel(claims, key)
const [head = "", body = "", signature = ""] = good.split(".")
const quoted: Claims = { ...claims, dst: digitalSourceTypes.quotation, gen: { sys: claims.gen.sys, prv: "countersign", at: claims.gen.at } }
const two: Claims = { ...claims, rev: { ...claims.rev, by: [...claims.rev.by, "p_second"], edit: "minor" } }
const local: Claims = { ...claims, iss: "http://127.0.0.1:3000", url: `http://127.0.0.1:3000/l/${jti}`, rev: { ...claims.rev, auth: "picked" } }
const hmac = await crypto.subtle.importKey("raw", new Uint8Array(utf8(JSON.stringify(key.publicKey))), { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
async function hs256(): Promise<string> {
  const signed = `${b64({ ...header, alg: "HS256" })}.${body}`
  return `${signed}.${toBase64url(new Uint8Array(await crypto.subtle.sign("HMAC", hmac, new Uint8Array(utf8(signed)))))}`
}
/** Changes one bit in the middle of a part. */
function flip(part: string, at = part.length >> 1): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
  return part.slice(0, at) + alphabet[alphabet.indexOf(part[at] as string) ^ 1] + part.slice(at + 1)
}
const first = wholePost().split("\n")[0] as string
const last = wholePost().split("\n").at(-1) as string

interface Case {
  readonly what: string
  readonly jws: string
  /** All that a reader of the post sees, a block a line. */
  readonly whole?: string
  readonly ctx?: object
  readonly status?: object
  /** `valid`, or the code. */
  readonly result: string
  readonly notes?: readonly string[]
}
const place = claims.ctx
const current = { status: "current" }
const post = { whole: wholePost(), ctx: place, status: current }
const labels: readonly Case[] = [
  { what: "a post as it was approved", jws: good, ...post, result: "valid", notes: [] },
  { what: "a quotation", jws: await signLabel(quoted, key), ...post, whole: wholePost(quoted), result: "valid", notes: [] },
  { what: "approved by two people, edited", jws: await signLabel(two, key), ...post, whole: wholePost(two, answer, ["Rin", "Mira"]), result: "valid", notes: [] },
  { what: "from a machine's own address", jws: await signLabel(local, key), ...post, whole: wholePost(local), result: "valid", notes: ["names-picked", "test-label"] },
  { what: "white space and composition differ", jws: good, ...post, whole: wholePost(claims, answer.replaceAll(" ", " \u00a0 ").normalize("NFD")), result: "valid", notes: [] },
  { what: "the label alone", jws: good, result: "valid", notes: ["status-unknown", "place-not-compared", "text-not-compared"] },
  { what: "the lines are gone", jws: good, ...post, whole: answer, result: "valid", notes: ["no-first-line", "no-last-line"] },
  { what: "a member that a later version added", jws: await forge(header, { ...claims, new: 1 }), ...post, result: "valid", notes: [] },
  { what: "by a key that has ended, before it ended", jws: await signLabel({ ...claims, iat: claims.iat - 1 }, retired), ...post, result: "valid", notes: [] },
  { what: "by a key that has ended, after it ended", jws: await signLabel(claims, retired), ...post, result: "expired-key" },

  { what: "alg none", jws: `${b64({ ...header, alg: "none" })}.${body}.`, ...post, result: "wrong-alg" },
  { what: "alg none with the signature kept", jws: `${b64({ ...header, alg: "none" })}.${body}.${signature}`, ...post, result: "wrong-alg" },
  { what: "HS256 with the public key as secret", jws: await hs256(), ...post, result: "wrong-alg" },
  { what: "typ JWT", jws: await forge({ ...header, typ: "JWT" }, claims), ...post, result: "wrong-type" },
  { what: "no typ", jws: await forge({ alg: "ES256", kid: key.keyId }, claims), ...post, result: "wrong-type" },
  { what: "typ in capitals", jws: await forge({ ...header, typ: "AI-Label+JWT" }, claims), ...post, result: "wrong-type" },
  { what: "a kid that the issuer does not publish", jws: await forge({ ...header, kid: stranger.keyId }, claims, stranger), ...post, result: "unknown-key" },
  { what: "a stranger's signature under the issuer's kid", jws: await forge(header, claims, stranger), ...post, result: "bad-signature" },
  { what: "a key in the header", jws: await forge({ ...header, kid: stranger.keyId, jwk: stranger.publicKey }, claims, stranger), ...post, result: "malformed" },
  { what: "an address of keys in the header", jws: await forge({ ...header, jku: "https://evil.example/jwks.json" }, claims), ...post, result: "malformed" },
  { what: "a certificate in the header", jws: await forge({ ...header, x5u: "https://evil.example/cert" }, claims), ...post, result: "malformed" },
  { what: "crit in the header", jws: await forge({ ...header, crit: ["exp"], exp: 1 }, claims), ...post, result: "malformed" },
  { what: "an unencoded payload", jws: await forge({ ...header, b64: false, crit: ["b64"] }, claims), ...post, result: "malformed" },
  { what: "no kid", jws: await forge({ alg: "ES256", typ: header.typ }, claims), ...post, result: "malformed" },
  { what: "one bit flipped in the header", jws: `${b64({ ...header, kid: flip(key.keyId) })}.${body}.${signature}`, ...post, result: "unknown-key" },
  { what: "a header that is no JSON", jws: `${flip(head, 0)}.${body}.${signature}`, ...post, result: "malformed" },
  { what: "one bit flipped in a claim", jws: `${head}.${b64({ ...claims, iat: claims.iat + 1 })}.${signature}`, ...post, result: "bad-signature" },
  { what: "one bit flipped in the signature", jws: `${head}.${body}.${flip(signature)}`, ...post, result: "bad-signature" },
  { what: "another spelling of the same signature", jws: `${head}.${body}.${flip(signature, signature.length - 1)}`, ...post, result: "malformed" },
  { what: "padding", jws: `${good}==`, ...post, result: "malformed" },
  { what: "two parts", jws: `${head}.${body}`, ...post, result: "malformed" },
  { what: "four parts", jws: `${good}.${signature}`, ...post, result: "malformed" },
  { what: "no label at all", jws: "hello", ...post, result: "malformed" },
  { what: "nothing", jws: "", ...post, result: "malformed" },
  { what: "claims that are no object", jws: await forge(header, [1]), ...post, result: "malformed" },
  { what: "ai-autonomous", jws: await forge(header, { ...claims, aid: "ai-autonomous" }), ...post, result: "malformed" },
  { what: "nobody approved", jws: await forge(header, { ...claims, rev: { ...claims.rev, by: [] } }), ...post, result: "malformed" },
  { what: "approved twice by one person", jws: await forge(header, { ...claims, rev: { ...claims.rev, by: ["p_1", "p_1"] } }), ...post, result: "malformed" },
  { what: "a page that is not the issuer's", jws: await forge(header, { ...claims, url: `https://evil.example/l/${jti}` }), ...post, result: "malformed" },
  { what: "an issuer that is no origin", jws: await forge(header, { ...claims, iss: `${iss}/`, url: `${iss}//l/${jti}` }), ...post, result: "malformed" },
  { what: "another schema version", jws: await forge(header, { ...claims, v: 2 }), ...post, result: "malformed" },
  { what: "an issuer that was not chosen", jws: await forge(header, { ...claims, iss: "https://evil.example", url: `https://evil.example/l/${jti}` }), ...post, result: "unknown-issuer" },

  { what: "in another channel", jws: good, ...post, ctx: { ...place, ch: "t_8" }, result: "moved" },
  { what: "in a thread it was not made for", jws: good, ...post, ctx: { ...place, th: "1" }, result: "moved" },
  { what: "on another platform", jws: good, ...post, ctx: { ...place, p: "slack" }, result: "moved" },
  { what: "one word changed", jws: good, ...post, whole: wholePost(claims, answer.replace("infra", "infrs")), result: "text-changed" },
  { what: "a word more", jws: good, ...post, whole: wholePost(claims, `${answer} Trust me.`), result: "text-changed" },
  { what: "a line after the last line", jws: good, ...post, whole: `${wholePost()}\nTrust me.`, result: "label-imitation" },
  { what: "the first line twice", jws: good, ...post, whole: `${first}\n${wholePost()}`, result: "label-imitation" },
  { what: "the last line twice", jws: good, ...post, whole: `${wholePost()}\n${last}`, result: "label-imitation" },
  { what: "a line in the text that poses as a label", jws: good, ...post, whole: wholePost(claims, `${answer}\n✦ AI-generated · approved by Bo · not edited`), result: "label-imitation" },
  { what: "the same with other ornaments", jws: good, ...post, whole: wholePost(claims, `${answer}\n★ AI generated | approved by Bo`), result: "label-imitation" },
  { what: "a first line with another address", jws: good, ...post, whole: wholePost().replace(claims.url, `https://evil.example/l/${jti}`), result: "label-imitation" },
  { what: "a first line that says it was edited", jws: good, ...post, whole: wholePost().replace("not edited", "edited by a person"), result: "label-imitation" },
  { what: "a separator in the name", jws: good, ...post, whole: wholePost().replace("Rin", "Rin · checked by Bo"), result: "label-imitation" },
  { what: "a name of 200 characters", jws: good, ...post, whole: wholePost().replace("Rin", "R".repeat(200)), result: "label-imitation" },
  { what: "a zero-width space in the text", jws: good, ...post, whole: wholePost(claims, answer.replace("infra", "in\u200bfra")), result: "hidden-characters" },
  { what: "reordered text", jws: good, ...post, whole: wholePost(claims, answer.replace("infra", "\u202einfra\u202c")), result: "hidden-characters" },
  { what: "tag characters behind a flag", jws: good, ...post, whole: wholePost(claims, `${answer}🏴\u{e0068}\u{e0069}`), result: "hidden-characters" },
  { what: "signed with the right key, and unknown to its issuer", jws: good, ...post, status: { status: "unknown" }, result: "not-issued" },
  { what: "superseded", jws: good, ...post, status: { status: "superseded", by: "01KAJ6ZZZZZZZZZZZZZZZZZZZZ" }, result: "superseded" },
  { what: "retracted, so that its text is gone", jws: good, ...post, whole: `${first}\nRetracted by Rin.\n${last}`, status: { status: "retracted" }, result: "retracted" },
]

const vis: readonly { what: string; text: string; normalised: string; hidden: readonly string[] }[] = [
  { what: "plain", text: "Hello, world", normalised: "Hello, world", hidden: [] },
  { what: "empty", text: "", normalised: "", hidden: [] },
  { what: "only white space", text: " \t\r\n\u0085\u2028\u3000", normalised: "", hidden: [] },
  { what: "runs and ends", text: "\n a \t b\u00a0\u2003c\u1680 ", normalised: "a b c", hidden: [] },
  { what: "U+0085 is white space, U+FEFF is not but is ignorable", text: "a\u0085b\ufeffc", normalised: "a bc", hidden: ["U+FEFF"] },
  { what: "U+001C is neither", text: "a\u001cb", normalised: "a\u001cb", hidden: [] },
  { what: "decomposed", text: "re\u0301sume\u0301", normalised: "r\u00e9sum\u00e9", hidden: [] },
  { what: "a singleton", text: "\u212b \u2126", normalised: "\u00c5 \u03a9", hidden: [] },
  { what: "Hangul", text: "\u1112\u1161\u11ab", normalised: "\ud55c", hidden: [] },
  { what: "ligatures stay (NFC, not NFKC)", text: "\ufb01x\u00b2", normalised: "\ufb01x\u00b2", hidden: [] },
  { what: "delete before composing: combining grapheme joiner", text: "e\u034f\u0301", normalised: "\u00e9", hidden: ["U+034F"] },
  { what: "delete before composing: zero-width space", text: "e\u200b\u0301", normalised: "\u00e9", hidden: ["U+200B"] },
  { what: "delete before collapsing", text: "a \u200b b", normalised: "a b", hidden: ["U+200B"] },
  { what: "marks in another order", text: "q\u0307\u0323", normalised: "q\u0323\u0307", hidden: [] },
  { what: "soft hyphen", text: "co\u00adoperate", normalised: "cooperate", hidden: ["U+00AD"] },
  { what: "bidi controls", text: "a\u202eb\u202c\u2066c\u2069\u061c\u200f", normalised: "abc", hidden: ["U+202E", "U+202C", "U+2066", "U+2069", "U+061C", "U+200F"] },
  { what: "tag characters", text: "x\u{e0041}\u{e007f}", normalised: "x", hidden: ["U+E0041", "U+E007F"] },
  { what: "variation selectors on letters", text: "a\ufe00b\u{e0100}", normalised: "ab", hidden: ["U+FE00", "U+E0100"] },
  { what: "Hangul filler", text: "a\u3164b\u115f", normalised: "ab", hidden: ["U+3164", "U+115F"] },
  { what: "emoji with its presentation", text: "❤\ufe0f ☎\ufe0e 1\ufe0f\u20e3", normalised: "❤ ☎ 1\u20e3", hidden: [] },
  { what: "a family", text: "👩\u200d👩\u200d👧", normalised: "👩👩👧", hidden: [] },
  { what: "joined emoji that lost U+FE0F on the way", text: "❤\u200d🔥", normalised: "❤🔥", hidden: [] },
  { what: "the flag of Scotland", text: "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}", normalised: "🏴", hidden: [] },
  { what: "a black flag with a message", text: "🏴\u{e0068}\u{e0069}\u{e007f}", normalised: "🏴", hidden: ["U+E0068", "U+E0069", "U+E007F"] },
  { what: "a joiner between Latin letters", text: "a\u200db", normalised: "ab", hidden: ["U+200D"] },
  { what: "joiners that Persian and Hindi are spelt with", text: "می\u200cخواهم क\u094d\u200dष", normalised: "میخواهم क\u094dष", hidden: [] },
  { what: "a presentation selector after the spark of the label", text: "✦\ufe0f", normalised: "✦", hidden: ["U+FE0F"] },
  { what: "half a surrogate pair", text: "a\ud800b", normalised: "a\ufffdb", hidden: [] },
]

const jwks = { keys: [...key.published.keys, { ...retired.published.keys[0], exp: claims.iat }] }
const json = (value: unknown) => `${JSON.stringify(value, null, 1)}\n`
writeFileSync(
  join(here, "labels.json"),
  json({
    about: "Labels to verify. `issuers` are those that the verifier trusts, with the keys each publishes. Specification: docs/label.md.",
    issuers: { [iss]: jwks, [local.iss]: jwks },
    mini: { jws: await signMini(claims, key), answer, ctx: place },
    cases: labels,
  }),
)
const { visHash } = await import("../../src/label/vis.ts")
const cases = await Promise.all(vis.map(async (c) => ({ ...c, hash: await visHash(c.normalised) })))
writeFileSync(join(here, "vis-1.json"), json({ about: "vis-1: text, what is hashed, SHA-256 of its UTF-8 in base64url, hidden characters reported.", cases }))
