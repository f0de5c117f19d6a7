// A person before a browser without JavaScript: opens pages, keeps cookies, fills in the forms it finds. It knows the forum
// by what a page shows, so the demo walks the way that people walk.
import { parse, type DefaultTreeAdapterTypes as Tree } from "parse5"

export interface Page {
  readonly url: string
  readonly status: number
  readonly html: string
}
export interface Form {
  readonly action: string
  readonly fields: readonly (readonly [string, string])[]
}

export class Visitor {
  readonly name: string
  readonly #origin: string
  readonly #cookies = new Map<string, string>()
  constructor(name: string, origin: string) {
    this.name = name
    this.#origin = origin
  }
  open(address: string): Promise<Page> {
    return this.#follow(new URL(address, this.#origin), { method: "GET" })
  }
  /** Sends the form of `page` whose action fits, with what the person fills in. Rejects when there is none, or when it is refused. */
  async send(page: Page, action: RegExp, filled: Readonly<Record<string, string>> = {}): Promise<Page> {
    const form = formsIn(page).find((f) => action.test(f.action))
    if (form === undefined) throw new DemoFailed(`${this.name} finds no form for ${action} on ${new URL(page.url).pathname}`)
    const body = new URLSearchParams()
    for (const [name, value] of form.fields) if (filled[name] === undefined) body.append(name, value)
    for (const [name, value] of Object.entries(filled)) body.append(name, value)
    const answer = await this.#follow(new URL(form.action, page.url), { method: "POST", body })
    if (answer.status >= 400) throw new DemoFailed(`${this.name} sent ${form.action} and got ${answer.status}`)
    return answer
  }
  /** With this person's cookies, as `verifyInput` wants it. */
  fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers)
    const cookie = [...this.#cookies].map(([k, v]) => `${k}=${v}`).join("; ")
    if (cookie !== "" && new URL(url).origin === this.#origin) headers.set("cookie", cookie)
    if (init.method === "POST") headers.set("origin", this.#origin)
    const response = await fetch(url, { ...init, headers, redirect: "manual" })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ""] = set.split(";", 1)
      const at = pair.indexOf("=")
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }
  async #follow(url: URL, init: RequestInit): Promise<Page> {
    const response = await this.fetch(url.href, init)
    const to = response.headers.get("location")
    if (to !== null && response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      return this.#follow(new URL(to, url), { method: "GET" })
    }
    return { url: url.href, status: response.status, html: await response.text() }
  }
}
/** The walk did not go as it must. */
export class DemoFailed extends Error {
  readonly code = "demo-failed"
  constructor(why: string) {
    super(`${why}.`)
    this.name = "DemoFailed"
  }
}

function formsIn(page: Page): readonly Form[] {
  const elements = [...walk(parse(page.html))]
  return elements
    .filter((e) => e.tagName === "form")
    .map((form) => {
      const id = attribute(form, "id")
      const inputs = elements.filter((e) => inside(e, form) || (id !== null && attribute(e, "form") === id))
      return { action: attribute(form, "action") ?? "", fields: inputs.flatMap(fieldOf) }
    })
}
/** What a browser would send untouched; boxes that must be ticked are ticked. */
function fieldOf(e: Tree.Element): readonly (readonly [string, string])[] {
  const [name, type] = [attribute(e, "name"), attribute(e, "type")]
  if (name === null || (e.tagName !== "input" && e.tagName !== "textarea")) return []
  if (type === "radio" && attribute(e, "checked") === null) return []
  if (type === "checkbox" && attribute(e, "checked") === null && attribute(e, "required") === null) return []
  return [[name, attribute(e, "value") ?? ""]]
}
function* walk(node: Tree.Node): Generator<Tree.Element> {
  if ("tagName" in node) yield node
  if ("childNodes" in node) for (const child of node.childNodes) yield* walk(child)
}
function inside(e: Tree.Element, form: Tree.Element): boolean {
  let at: Tree.ParentNode | null = e.parentNode
  while (at !== null && at !== form) at = "parentNode" in at ? at.parentNode : null
  return at === form
}
function attribute(e: Tree.Element, name: string): string | null {
  return e.attrs.find((a) => a.name === name)?.value ?? null
}
