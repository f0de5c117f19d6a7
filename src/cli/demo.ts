// `countersign demo`: the whole walk over HTTP against a private server, as two people. Ends with a post whose label was
// verified by the same code that `countersign verify` runs; the exit code says whether it was.
import { setTimeout as sleep } from "node:timers/promises"
import { withoutLabelLines } from "../label/lines.ts"
import { readHtml } from "../label/read/html.ts"
import { type Instance, startInstance } from "./demo/instance.ts"
import { DemoFailed, type Page, Visitor } from "./demo/visitor.ts"
import { type ExitCode, exit, type Printer } from "./print.ts"
import { nodeIo, verifyInput } from "./verify.ts"
import { describe } from "./verify-words.ts"

const patienceMs = 30_000
const question = {
  title: "What happens between asking and an answer that everyone sees?",
  text: "I would like to know before I try it: what happens between asking Countersign and its answer appearing for everyone?",
}

export async function demo(out: Printer): Promise<ExitCode> {
  const server = await startInstance()
  try {
    return await walk(server, out)
  } finally {
    await server.stop()
  }
}

async function walk(server: Instance, out: Printer): Promise<ExitCode> {
  const step = (name: string, words: string, facts: Record<string, unknown> = {}) => out.say({ step: name, ...facts }, `  ${words}`)
  step("start", `A private server runs at ${server.origin}, on an empty folder.`, { origin: server.origin })

  const rin = await enter("Rin", server.entry, server.origin)
  step("sign-in", "Rin signs in with the one-time key.", { person: rin.name })
  const bo = await enter("Bo", server.invitation, server.origin)
  step("invite", "Bo joins by the invitation link.", { person: bo.name })

  const topic = await bo.send(await bo.open("/new"), /^\/new$/, question)
  step("question", `Bo asks in the forum: ${question.title}`, { url: topic.url })
  const asked = await rin.send(await rin.open(topic.url), /^\/m\/[^/]+\/draft$/)
  step("ask", "Rin presses “Draft an answer”.", { url: asked.url })
  const card = await waitFor(rin, asked.url, (p) => /<aside[^>]*data-phase="(review|settled)"/.exec(p.html)?.[1] === "review", "a draft")
  step("card", "Rin has a draft that only Rin can see, with the whole text as it would be posted.")

  const [, request, digest] = /<aside[^>]*data-request="([^"]+)"[^>]*data-digest="([^"]+)"/.exec(card.html) ?? []
  if (request === undefined || digest === undefined) throw new DemoFailed("Rin's card names no draft")
  const pages = await Promise.all([topic.url, "/", "/queue", asked.url, `/c/${request}`, `/part/card/${request}`].map((url) => bo.open(url)))
  if (pages.some((p) => p.html.includes(digest) || p.html.includes("card-") || p.html.includes('class="private') || p.html.includes("ai-disclosure")))
    throw new DemoFailed("Bo sees something of Rin's draft")
  step("private", "Bo opens the same pages and sees nothing of it.", { pages: pages.length })

  await rin.send(card, new RegExp(`^/c/${request}/approve$`))
  step("approve", "Rin approves exactly this text for exactly this place.")
  const seen = await waitFor(bo, topic.url, (p) => readHtml(p.html).length > 0, "the post")
  const link = /<article[^>]*ai-disclosure[\s\S]*?href="(\/m\/[^"]+)"/.exec(seen.html)?.[1] ?? ""
  const url = new URL(link, server.origin).href
  step("post", "The answer appears for everyone, with its label.", { url })

  const result = await verifyInput(url, { issuers: [] }, { ...nodeIo, fetch: bo.fetch })
  const [post] = readHtml((await bo.open(url)).html)
  const [checked] = result.posts
  const claims = checked !== undefined && "valid" in checked ? checked.valid : null
  const jwks: unknown = await (await fetch(`${server.origin}/.well-known/jwks.json`)).json()
  const text = claims === null || post === undefined ? (post?.whole ?? "") : withoutLabelLines(post.whole, claims).answer
  const verified = result.outcome === "valid"
  out.say(
    { url, text, jws: post?.jws ?? null, jwks, verified },
    `\n${indent(post?.whole ?? "")}\n\n${describe(result)}\n\nThis was a private server, which ends now. Start your own with: npm start`,
  )
  return verified ? exit.done : exit.no
}

async function enter(name: string, address: string, origin: string): Promise<Visitor> {
  const visitor = new Visitor(name, origin)
  await visitor.send(await visitor.open(address), /^\/enter$/, { name })
  return visitor
}
async function waitFor(who: Visitor, url: string, seen: (page: Page) => boolean, what: string): Promise<Page> {
  const until = Date.now() + patienceMs
  for (;;) {
    const page = await who.open(url)
    if (seen(page)) return page
    if (Date.now() > until) throw new DemoFailed(`${who.name} waited ${patienceMs / 1000} s for ${what}`)
    await sleep(50)
  }
}
const indent = (text: string) => text.replace(/^/gm, "    ")
