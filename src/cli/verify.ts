// `countersign verify`: an address, a file or piped text (a page, a label, a message of Slack or Discord) -> what can be said of each labelled post.
// Trusts the origin of a given address and the issuers that were named, nobody else. Never throws for what is out there.
import { readFile } from "node:fs/promises"
import { setTimeout as sleep } from "node:timers/promises"
import type { Claims } from "../label/claims.ts"
import { readHtml } from "../label/read/html.ts"
import { labelType } from "../label/sign.ts"
import { type Invalid, invalid, type Verdict } from "../label/verdict.ts"
import { type Expected, verifyLabel } from "../label/verify.ts"
import { discordMessages } from "./verify-discord.ts"
import { ask, CouldNotAsk, type Web } from "./verify-fetch.ts"
import { type Issuers, trusted } from "./verify-issuer.ts"
import { checkMini, type MiniFound } from "./verify-mini.ts"
import { slackMessages } from "./verify-slack.ts"

export interface VerifyOptions {
  /** Origins to trust besides the one of a given address. */
  readonly issuers: readonly string[]
}
/** The outside, for tests and for callers that sign in first. */
export interface VerifyIo extends Web {
  file(path: string): Promise<string>
  stdin(): Promise<string>
}
/** One labelled post. `unchecked`: keys could not be had, so there is no verdict. */
export type Checked = Verdict<Claims> | { readonly unchecked: string }
export interface VerifyResult {
  readonly input: string
  readonly outcome: "valid" | "invalid" | "unchecked"
  /** 0 all valid, 1 at least one is not, 2 could not be checked. */
  readonly exit: 0 | 1 | 2
  /** In the order of the page; empty when there was nothing to look at. */
  readonly posts: readonly Checked[]
  /** Why nothing could be checked. */
  readonly why: string | null
}
const limits = { timeoutMs: 10_000, maxBytes: 8_000_000 }
const jws = /^[\w-]+\.[\w-]+\.[\w-]*$/

export const nodeIo: VerifyIo = {
  fetch: (url, init) => fetch(url, init),
  sleep: (ms) => sleep(ms),
  file: (path) => readFile(path, "utf8"),
  stdin: async () => {
    const chunks: Uint8Array[] = []
    for await (const chunk of process.stdin) chunks.push(chunk)
    return Buffer.concat(chunks).toString("utf8")
  },
}

export async function verifyInput(input: string, options: VerifyOptions, io: VerifyIo = nodeIo): Promise<VerifyResult> {
  const address = /^https?:\/\//i.test(input) ? URL.parse(input) : null
  const strange = options.issuers.find((issuer) => URL.parse(issuer)?.origin !== issuer)
  if (strange !== undefined) return unchecked(input, `${strange} is not an issuer. Give an origin without a path, such as https://forum.example`)
  const origins = new Set([...(address === null ? [] : [address.origin]), ...options.issuers])
  let text: string
  try {
    text = address === null ? await local(input, io) : await page(address, io)
  } catch (cause) {
    if (cause instanceof CouldNotAsk) return unchecked(input, cause.message)
    throw cause
  }
  const found = labelsIn(text)
  if (found === "too-deep") return unchecked(input, "The page is nested too deeply to be read.")
  if (found.length === 0) return settle(input, [invalid("no-label", null)])
  if (origins.size === 0) return unchecked(input, "Say whose labels you trust: --issuer https://forum.example")
  const issuers = trusted(origins, io, limits)
  const posts: Checked[] = []
  for (const one of found) posts.push(await answered(() => check(one, issuers)))
  return settle(input, posts)
}

async function page(address: URL, io: VerifyIo): Promise<string> {
  // A label page answers with the label itself; every other page with its HTML. A mini label behind `#` stays here.
  const url = address.href.slice(0, address.href.length - address.hash.length)
  const answer = await ask(io, url, `application/${labelType}, text/html;q=0.9`, "followed", limits)
  if (answer.status === 401 || answer.status === 403)
    throw new CouldNotAsk(`${url} asks who you are. Check the label's own page (/l/…), or save the post's page and check the file with --issuer.`)
  if (answer.status !== 200) throw new CouldNotAsk(`${url} answers ${answer.status}.`)
  return answer.text
}
async function local(input: string, io: VerifyIo): Promise<string> {
  try {
    return input === "-" ? await io.stdin() : await io.file(input)
  } catch (cause) {
    throw new CouldNotAsk(`${input === "-" ? "What was piped in" : input} cannot be read.`, { cause })
  }
}

type Found = { readonly jws: string | null; readonly expect: Expected } | MiniFound
function labelsIn(text: string): readonly Found[] | "too-deep" {
  if (jws.test(text.trim())) return [{ jws: text.trim(), expect: {} }]
  try {
    const given = jsonIn(text)
    if (given !== null) return [...slackMessages(given), ...discordMessages(given)]
    return readHtml(text).map((post) => ({ jws: post.jws, expect: { text: { whole: post.whole }, ...(post.ctx === null ? {} : { ctx: post.ctx }) } }))
  } catch (cause) {
    // The reader walks the tree by recursion; only a page made for it is deeper than the stack.
    if (cause instanceof RangeError) return "too-deep"
    throw cause
  }
}
/** Null: this is no JSON. */
function jsonIn(text: string): object | null {
  if (!/^\s*[[{]/.test(text)) return null
  try {
    return JSON.parse(text) as object
  } catch (cause) {
    if (cause instanceof SyntaxError) return null
    throw cause
  }
}
async function check(one: Found, issuers: Issuers): Promise<Verdict<Claims>> {
  if ("mini" in one) return checkMini(one, issuers)
  if (one.jws === null) return invalid("no-label", null)
  return verifyLabel(one.jws, { expect: one.expect, keysOf: issuers.keysOf, status: issuers.status })
}
async function answered(checked: () => Promise<Verdict<Claims>>): Promise<Checked> {
  try {
    return await checked()
  } catch (cause) {
    if (cause instanceof CouldNotAsk) return { unchecked: cause.message }
    throw cause
  }
}

function settle(input: string, posts: readonly Checked[]): VerifyResult {
  // One bad post makes a page bad, even if another could not be checked.
  if (posts.some((post): post is Invalid<Claims> => "invalid" in post)) return { input, outcome: "invalid", exit: 1, posts, why: null }
  const open = posts.find((post) => "unchecked" in post)
  if (open !== undefined) return { input, outcome: "unchecked", exit: 2, posts, why: open.unchecked }
  return { input, outcome: "valid", exit: 0, posts, why: null }
}
function unchecked(input: string, why: string): VerifyResult {
  return { input, outcome: "unchecked", exit: 2, posts: [], why }
}
