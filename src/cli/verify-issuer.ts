// What a verifier asks an issuer that it trusts: the keys, and what became of a label. Nothing is asked of any other.
import type { PublishedKey, PublishedKeys } from "../label/jws.ts"
import { labelType } from "../label/sign.ts"
import type { LabelStatus } from "../label/verify.ts"
import { ask, CouldNotAsk, type Fetched, type Limits, type Web } from "./verify-fetch.ts"

export interface Issuers {
  keysOf(iss: string): Promise<PublishedKeys | null>
  /** Null: it cannot be told. */
  status(label: { readonly iss: string; readonly jti: string }): Promise<LabelStatus | null>
  /** The whole label, which chat messages have no room for. Null: the issuer knows none. Only for an issuer whose keys were had. */
  label(of: { readonly iss: string; readonly jti: string }): Promise<string | null>
}

/** Each answer is asked for once. */
export function trusted(origins: ReadonlySet<string>, web: Web, limits: Limits): Issuers {
  const keys = new Map<string, Promise<PublishedKeys>>()
  const statuses = new Map<string, Promise<LabelStatus | null>>()
  return {
    keysOf: async (iss) => (origins.has(iss) ? once(keys, iss, () => askKeys(iss, web, limits)) : null),
    status: ({ iss, jti }) => once(statuses, `${iss}/l/${jti}`, () => askStatus(`${iss}/l/${jti}`, web, limits)),
    label: async ({ iss, jti }) => {
      const url = `${iss}/l/${jti}`
      const answer = await askAgain(url, `application/${labelType}`, web, limits)
      if (answer.status !== 200 && answer.status !== 404) throw new CouldNotAsk(`${url} answers ${answer.status} instead of a label.`)
      return answer.status === 404 ? null : answer.text.trim()
    },
  }
}
function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const made = known.get(key) ?? make()
  known.set(key, made)
  return made
}

async function askKeys(iss: string, web: Web, limits: Limits): Promise<PublishedKeys> {
  const url = `${iss}/.well-known/jwks.json`
  const answer = await ask(web, url, "application/json", "refused", limits)
  if (answer.status !== 200) throw new CouldNotAsk(`${url} answers ${answer.status} instead of keys.`)
  const keys = member(parse(answer.text), "keys")
  if (!Array.isArray(keys)) throw new CouldNotAsk(`${url} holds no set of keys.`)
  return { keys: keys.filter((key): key is PublishedKey => typeof key === "object" && key !== null) }
}

// A post can be seen a moment before its label page: the issuer records it when the platform has confirmed it.
const again = [500, 1_500] as const

async function askAgain(url: string, accept: string, web: Web, limits: Limits): Promise<Fetched> {
  let answer = await ask(web, url, accept, "refused", limits)
  for (const ms of again) {
    if (answer.status !== 404) break
    await web.sleep(ms)
    answer = await ask(web, url, accept, "refused", limits)
  }
  return answer
}

async function askStatus(url: string, web: Web, limits: Limits): Promise<LabelStatus | null> {
  try {
    const answer = await askAgain(url, "application/json", web, limits)
    if (answer.status === 404) return { status: "unknown" }
    return answer.status === 200 ? statusOf(parse(answer.text)) : null
  } catch (cause) {
    // The signature still counts for something: the verdict says that this was not asked.
    if (cause instanceof CouldNotAsk) return null
    throw cause
  }
}
function statusOf(answer: unknown): LabelStatus | null {
  const status = member(answer, "status")
  if (status === "current" || status === "retracted") return { status }
  if (status !== "superseded") return null
  const by = member(answer, "superseded_by")
  return { status, by: typeof by === "string" && /^[0-9A-HJKMNP-TV-Z]{26}$/.test(by) ? by : null }
}
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
}
