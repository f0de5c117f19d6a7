// Says what is wrong with data from outside, or nothing. A few lines instead of a schema library, because label/ is
// published for browsers and stands on jose and canonicalize alone.
import { type Claims, digitalSourceTypes, type MiniClaims } from "./claims.ts"

/** A sentence about the first problem, or null. */
type Check = (value: unknown, path: string) => string | null

const text =
  (min: number, max: number): Check =>
  (value, path) =>
    typeof value === "string" && value.length >= min && value.length <= max ? null : `${path} is not a text of ${min} to ${max} characters`
const matching =
  (pattern: RegExp, what: string): Check =>
  (value, path) =>
    typeof value === "string" && pattern.test(value) ? null : `${path} is not ${what}`
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value, path) =>
    values.includes(value) ? null : `${path} is not ${values.join(" or ")}`
const optional =
  (check: Check): Check =>
  (value, path) =>
    value === undefined ? null : check(value, path)
const object =
  (members: Record<string, Check>): Check =>
  (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return `${path} is not an object`
    for (const [name, check] of Object.entries(members)) {
      // Own members only, so that a name such as `constructor` is never found on a prototype.
      const problem = check(Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined, `${path}.${name}`)
      if (problem !== null) return problem
    }
    return null
  }
// Up to the end of year 9999: what a date can be written of.
const seconds: Check = (value, path) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 253_402_300_799 ? null : `${path} is not a time in whole seconds`
const origin: Check = (value, path) => {
  const url = typeof value === "string" ? URL.parse(value) : null
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === value ? null : `${path} is not an origin such as https://forum.example`
}
const people: Check = (value, path) => {
  if (!Array.isArray(value) || value.length === 0 || value.length > 100) return `${path} is not a list of people`
  if (new Set(value).size !== value.length) return `${path} names somebody twice`
  for (const [i, one] of value.entries()) {
    const problem = text(1, 200)(one, `${path}[${i}]`)
    if (problem !== null) return problem
  }
  return null
}
const ulid = matching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, "a ULID")
const hash = matching(/^[A-Za-z0-9_-]{43}$/, "a SHA-256 in base64url")
const word = text(1, 512)
const short = text(0, 200)

const claimsShape = object({
  iss: origin,
  iat: seconds,
  jti: ulid,
  v: oneOf(1),
  dst: oneOf(...Object.values(digitalSourceTypes)),
  aid: oneOf("ai-assisted"),
  hol: oneOf("human_validated"),
  gen: object({ sys: short, prv: short, mdl: optional(short), at: seconds }),
  rev: object({ by: people, at: seconds, act: oneOf("approved"), edit: oneOf("none", "minor", "substantive"), auth: short }),
  dig: object({ alg: oneOf("sha-256"), c14n: oneOf("vis-1"), draft: hash, src: hash, vis: hash }),
  ctx: object({ p: word, ws: word, ch: word, th: optional(word) }),
  url: word,
  sup: optional(ulid),
})
const miniShape = object({
  iss: origin,
  jti: ulid,
  dst: oneOf("trainedAlgorithmicMedia", "algorithmicMedia"),
  dig: object({ vis: hash }),
  ctx: matching(/^[A-Za-z0-9_-]{11}$/, "a short hash of a place"),
  rev: object({ at: seconds }),
})

/** The claims of a label, or what is wrong with them. Unknown members are let through: later versions may add some. */
export function parseClaims(value: unknown): { readonly ok: Claims } | { readonly problem: string } {
  const problem = claimsShape(value, "claims")
  if (problem !== null) return { problem }
  const claims = value as Claims
  // A label cannot send its readers to somebody else's page.
  if (claims.url !== `${claims.iss}/l/${claims.jti}`) return { problem: "claims.url is not the issuer's page of this label" }
  return { ok: claims }
}
export function parseMiniClaims(value: unknown): { readonly ok: MiniClaims } | { readonly problem: string } {
  const problem = miniShape(value, "claims")
  return problem === null ? { ok: value as MiniClaims } : { problem }
}
