// The pages outside the platforms over a real walk and a real ledger. Sign-in is by a cookie that says the name.
import type { Hono } from "hono"
import type { Standing } from "../../src/core/domain.ts"
import type { Actor, Ledger } from "../../src/core/ports.ts"
import type { Sessions, Viewer } from "../../src/page/session.ts"
import { webRoutes } from "../../src/web/mounts.ts"
import type { WebParts } from "../../src/web/parts.ts"
import { freshLedger } from "../harness/ledgers.ts"
import { bo, makeWalk, mira, rin, silentLog, type Walk } from "../harness/walk.ts"

export const origin = "http://127.0.0.1:3000"

export interface House {
  readonly ledger: Ledger
  readonly walk: Walk
  readonly app: Hono
  readonly parts: WebParts
  get(path: string, who?: Actor | null, headers?: Record<string, string>): Promise<Response>
  page(path: string, who?: Actor | null): Promise<string>
  post(path: string, who: Actor | null, form: Record<string, string>, headers?: Record<string, string>): Promise<Response>
  close(): Promise<void>
}
const people: readonly (readonly [Actor, Standing])[] = [
  [rin, "member"],
  [bo, "member"],
  [mira, "admin"],
]
export const csrfOf = (who: Actor) => `csrf of ${who.name}`

function sessions(): Sessions {
  const viewer = async (request: Request): Promise<Viewer | null> => {
    const name = /who=(\w+)/.exec(request.headers.get("cookie") ?? "")?.[1]
    const found = people.find(([actor]) => actor.name === name)
    return found === undefined ? null : { ...found[0], standing: found[1], csrf: csrfOf(found[0]) }
  }
  return {
    viewer,
    async mayPost(request, csrf) {
      const who = await viewer(request)
      if (who === null) return { status: 401, words: "Sign in first." }
      if (request.headers.get("origin") !== origin) return { status: 403, words: "This form does not come from here." }
      return csrf === who.csrf ? who : { status: 403, words: "This form is not yours." }
    },
  }
}

export async function openHouse(change: (parts: WebParts) => WebParts = (p) => p): Promise<House> {
  const ledger = await freshLedger()
  const walk = makeWalk(ledger)
  const { labelKey } = walk.parts
  const parts = change({
    origin,
    version: "0.0.0",
    ledger,
    inbox: walk.flow.inbox,
    sessions: sessions(),
    jwks: () => ({ keys: [{ ...labelKey.publicKey, kid: labelKey.keyId, alg: "ES256", use: "sig" }] as never }),
    clock: walk.clock,
    log: silentLog,
    home: walk.place,
    about: { platforms: ["board"], drafter: "written by parrot-1", passages: () => 41, database: "SQLite" },
  })
  const app = webRoutes(parts)
  const headersOf = (who: Actor | null): Record<string, string> => ({
    host: "127.0.0.1:3000",
    ...(who === null ? {} : { cookie: `who=${who.name}` }),
  })
  const get = async (path: string, who: Actor | null = null, headers: Record<string, string> = {}) =>
    app.request(`${origin}${path}`, { headers: { ...headersOf(who), ...headers } })
  return {
    ledger,
    walk,
    app,
    parts,
    get,
    page: async (path, who = null) => (await get(path, who, { accept: "text/html" })).text(),
    post: async (path, who, form, headers = {}) =>
      app.request(`${origin}${path}`, { method: "POST", headers: { ...headersOf(who), origin, ...headers }, body: new URLSearchParams(form) }),
    async close() {
      await walk.flow.stop()
      await ledger.close()
    },
  }
}
