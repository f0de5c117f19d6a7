// A small browser for tests: real HTTP, a cookie jar, forms filled in as they stand on the page. Host and Origin can be forged.
import { request } from "node:http"
import { parse, type DefaultTreeAdapterTypes as Tree } from "parse5"

export interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly text: string
  readonly location: string
}
export interface Forged {
  readonly host?: string
  readonly origin?: string | null
  readonly cookie?: string
  readonly headers?: Record<string, string>
}
export type Fields = Record<string, string | readonly string[]>

export class Browser {
  readonly origin: string
  readonly #cookies = new Map<string, string>()
  constructor(origin: string) {
    this.origin = origin
  }
  get cookie(): string {
    return [...this.#cookies].map(([k, v]) => `${k}=${v}`).join("; ")
  }
  async get(path: string, forged: Forged = {}): Promise<Answer> {
    return this.#send("GET", path, null, forged)
  }
  async head(path: string): Promise<Answer> {
    return this.#send("HEAD", path, null, {})
  }
  async post(path: string, fields: Fields, forged: Forged = {}): Promise<Answer> {
    const body = new URLSearchParams()
    for (const [name, values] of Object.entries(fields)) for (const value of [values].flat()) body.append(name, value as string)
    return this.#send("POST", path, body.toString(), forged)
  }
  /** A body without a length, as some proxies send it. */
  async inPieces(path: string, pieces: readonly string[], type?: string): Promise<Answer> {
    return this.#send("POST", path, pieces, type === undefined ? {} : { headers: { "content-type": type } })
  }
  /** Follows redirects, as a person sees it. */
  async open(path: string): Promise<Answer> {
    return this.#follow(await this.get(path))
  }
  /** Sends the first form of a page whose action ends so, with its own fields, some of them filled in. */
  async submit(page: Answer, action: string, filled: Fields = {}): Promise<Answer> {
    const form = forms(page.text).find((f) => f.action.endsWith(action))
    if (form === undefined) throw new Error(`the page has no form for ${action}; it has ${forms(page.text).map((f) => f.action)}`)
    return this.#follow(await this.post(form.action.replace(this.origin, ""), { ...form.fields, ...filled }))
  }
  async #follow(answer: Answer): Promise<Answer> {
    const near = answer.location.replace(this.origin, "")
    return answer.status >= 300 && answer.status < 400 && near.startsWith("/") ? this.open(near) : answer
  }
  /** Lines of an event stream until closed. */
  listen(path: string): {
    readonly heard: string[]
    readonly opened: Promise<void>
    readonly ended: Promise<void>
    until(what: string): Promise<void>
    close(): void
  } {
    const heard: string[] = []
    const waiting: { what: string; met: () => void }[] = []
    const { promise: isOpen, resolve: opened } = Promise.withResolvers<void>()
    const { promise: isOver, resolve: ended } = Promise.withResolvers<void>()
    const req = request(new URL(path, this.origin), { headers: { cookie: this.cookie, accept: "text/event-stream" }, agent: false }, (res) => {
      res.setEncoding("utf8")
      res.on("data", (chunk: string) => {
        heard.push(chunk)
        opened()
        const all = heard.join("")
        for (const w of waiting) if (all.includes(w.what)) w.met()
      })
      res.on("close", ended)
      res.on("error", ended)
    })
    req.on("error", ended)
    req.end()
    const until = (what: string) =>
      new Promise<void>((met) => {
        if (heard.join("").includes(what)) met()
        else waiting.push({ what, met })
      })
    return { heard, opened: isOpen, ended: isOver, until, close: () => void req.destroy() }
  }
  #send(method: string, path: string, body: string | readonly string[] | null, forged: Forged): Promise<Answer> {
    const headers: Record<string, string> = { cookie: forged.cookie ?? this.cookie, ...forged.headers }
    if (forged.host !== undefined) headers.host = forged.host
    if (body !== null) {
      headers["content-type"] ??= "application/x-www-form-urlencoded"
      if (typeof body === "string") headers["content-length"] = String(Buffer.byteLength(body))
      const origin = forged.origin === undefined ? this.origin : forged.origin
      if (origin !== null) headers.origin = origin
    }
    return new Promise((resolve, reject) => {
      const req = request(new URL(path, this.origin), { method, headers, agent: false }, (res) => {
        const chunks: Buffer[] = []
        res.on("data", (c: Buffer) => chunks.push(c))
        res.on("end", () => {
          for (const line of res.headers["set-cookie"] ?? []) this.#keep(line)
          resolve({
            status: res.statusCode ?? 0,
            headers: res.headers,
            text: Buffer.concat(chunks).toString("utf8"),
            location: res.headers.location ?? "",
          })
        })
      })
      req.on("error", reject)
      if (typeof body === "string" || body === null) req.end(body ?? undefined)
      else {
        for (const piece of body) req.write(piece)
        req.end()
      }
    })
  }
  #keep(line: string): void {
    const [pair = ""] = line.split(";")
    const at = pair.indexOf("=")
    if (/Max-Age=0\b/.test(line)) this.#cookies.delete(pair.slice(0, at))
    else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
  }
}

/** The forms of a page with the values they would send untouched. Checkboxes are ticked by the test. */
export function forms(page: string): readonly { readonly action: string; readonly fields: Record<string, string> }[] {
  return elements(parse(page), "form").map((form) => {
    const fields: Record<string, string> = {}
    for (const input of elements(form, "input")) {
      const [name, type] = [attribute(input, "name"), attribute(input, "type")]
      if (name === null || type === "checkbox" || (type === "radio" && attribute(input, "checked") === null)) continue
      fields[name] = attribute(input, "value") ?? ""
    }
    for (const area of elements(form, "textarea")) fields[attribute(area, "name") ?? ""] = visible(area)
    return { action: attribute(form, "action") ?? "", fields }
  })
}
export function elements(node: Tree.Node, tag: string): Tree.Element[] {
  const found: Tree.Element[] = []
  if ("tagName" in node && node.tagName === tag) found.push(node)
  if ("childNodes" in node) for (const child of node.childNodes) found.push(...elements(child, tag))
  return found
}
export function attribute(node: Tree.Element, name: string): string | null {
  return node.attrs.find((a) => a.name === name)?.value ?? null
}
export function visible(node: Tree.Node): string {
  if ("value" in node && node.nodeName === "#text") return node.value
  return "childNodes" in node ? node.childNodes.map(visible).join("") : ""
}
