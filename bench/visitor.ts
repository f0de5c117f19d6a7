// One person's browser, as cheap as can be: one kept connection, one cookie, forms sent as they are, and the event stream.
import { Agent, type IncomingMessage, request } from "node:http"

export interface Answer {
  readonly status: number
  readonly location: string
  readonly text: string
}
export interface Told {
  readonly event: string
  readonly id: string
}

export class Visitor {
  readonly #origin: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  #cookie = ""
  #csrf = ""
  #told: Told[] = []
  #wake = () => {}
  #stream: IncomingMessage | null = null

  constructor(origin: string) {
    this.#origin = origin
  }
  /** Signs in by a one-time address, and follows what the forum tells. */
  async enter(address: string, name: string): Promise<void> {
    await this.post("/enter", { key: address.slice(address.lastIndexOf("/") + 1), name })
    this.#csrf = /name="csrf" value="([^"]+)"/.exec((await this.get("/new")).text)?.[1] ?? ""
    if (this.#csrf === "") throw new Error("signing in failed")
    await this.#follow()
  }
  get(path: string): Promise<Answer> {
    return this.#send("GET", path, null)
  }
  post(path: string, fields: Record<string, string>): Promise<Answer> {
    return this.#send("POST", path, new URLSearchParams({ ...fields, csrf: this.#csrf }).toString())
  }
  /** The next thing that the forum tells and that fits; what came before it is passed over. */
  async told(fits: (told: Told) => boolean): Promise<Told> {
    for (;;) {
      for (let next = this.#told.shift(); next !== undefined; next = this.#told.shift()) if (fits(next)) return next
      await new Promise<void>((go) => (this.#wake = go))
    }
  }
  leave(): void {
    this.#stream?.destroy()
    this.#agent.destroy()
  }

  #send(method: "GET" | "POST", path: string, body: string | null): Promise<Answer> {
    return new Promise((go, fail) => {
      const headers: Record<string, string> = { cookie: this.#cookie }
      if (body !== null) Object.assign(headers, { origin: this.#origin, "content-type": "application/x-www-form-urlencoded" })
      const sent = request(new URL(path, this.#origin), { method, agent: this.#agent, headers }, (got) => {
        const set = got.headers["set-cookie"]?.[0]
        if (set !== undefined) this.#cookie = set.split(";", 1)[0] ?? ""
        let text = ""
        got.setEncoding("utf8")
        got.on("data", (chunk: string) => (text += chunk))
        got.on("end", () => {
          const status = got.statusCode ?? 0
          if (status >= 400) fail(new Error(`${method} ${path}: ${status}`))
          else go({ status, text, location: got.headers.location ?? "" })
        })
      })
      sent.on("error", fail)
      sent.end(body ?? undefined)
    })
  }
  #follow(): Promise<void> {
    return new Promise((go, fail) => {
      const sent = request(new URL("/live", this.#origin), { agent: new Agent(), headers: { cookie: this.#cookie } }, (got) => {
        this.#stream = got
        got.on("error", () => undefined)
        let rest = ""
        got.setEncoding("utf8")
        got.on("data", (chunk: string) => {
          rest += chunk
          const parts = rest.split("\n\n")
          rest = parts.pop() ?? ""
          for (const part of parts) {
            const event = /^event: (.*)$/m.exec(part)?.[1] ?? ""
            if (event === "open") go()
            else if (event !== "") this.#told.push({ event, id: /^data: (.*)$/m.exec(part)?.[1] ?? "" })
          }
          this.#wake()
        })
      })
      sent.on("error", fail)
      sent.end()
    })
  }
}
