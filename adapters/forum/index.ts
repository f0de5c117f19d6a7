// The built-in web forum: a platform like any other, and the default. It also knows who is signed in, for the pages around it.
// Sign-in is by one-time addresses on loopback and by OpenID Connect anywhere else; without either it does not open.
import { getRequestListener } from "@hono/node-server"
import { Hono } from "hono"
import type { Kysely } from "kysely"
import type { CardRef, RequestId, WorkspaceId } from "../../src/core/domain.ts"
import { noticeWords } from "../../src/core/notices.ts"
import type { Clock, Inbox, Log, Platform, Pseudonyms } from "../../src/core/ports.ts"
import { assets } from "../../src/page/assets.ts"
import { readForm } from "../../src/page/form.ts"
import { hostGuard, securityHeaders } from "../../src/page/guard.ts"
import type { Sessions } from "../../src/page/session.ts"
import type { Context } from "./context.ts"
import { inbound } from "./inbound.ts"
import { keys } from "./keys.ts"
import { live } from "./live.ts"
import type { Dialect, ForumTables } from "./migrations.ts"
import { notes } from "./notes.ts"
import { type OidcOptions, oidc } from "./oidc.ts"
import { checkOpening } from "./opening.ts"
import { outbound } from "./outbound.ts"
import { decisionPages } from "./pages/decisions.ts"
import { entryPages } from "./pages/entry.ts"
import { livePages } from "./pages/live.ts"
import { formOf, notFound, say, viewerOr } from "./pages/page.ts"
import { peoplePages } from "./pages/people.ts"
import { queuePages } from "./pages/queue.ts"
import { switchPages } from "./pages/switch.ts"
import { threadPages } from "./pages/threads.ts"
import { topicPages } from "./pages/topics.ts"
import { accountOf, people } from "./people.ts"
import { relay } from "./relay.ts"
import { render } from "./render.ts"
import { seed } from "./seed.ts"
import { sessions } from "./sessions.ts"
import { sweep } from "./sweep.ts"
import { threads } from "./threads.ts"
import { topics } from "./topics.ts"

export { forumMigrations } from "./migrations.ts"
export { ForumCannotOpen } from "./opening.ts"

export interface ForumOptions {
  readonly db: Kysely<unknown>
  readonly dialect: Dialect
  /** Where browsers find it, without a slash at the end. */
  readonly origin: string
  /** Address that the server listens on. */
  readonly host: string
  /** Completes "Will be read by …". Default: everyone in this forum. */
  readonly audienceName?: string
  /** E-mail addresses (verified by the provider) or ids of people. */
  readonly moderators: readonly string[]
  readonly admins: readonly string[]
  readonly oidc: OidcOptions | null
  readonly pseudonyms: Pseudonyms
  /** The sentence for a database that cannot be used just now, as whoever opened it knows; null for any other fault. */
  readonly cureOf: (fault: unknown) => string | null
  readonly clock: Clock
  readonly log: Log
}
export interface Forum extends Platform, Sessions {
  /** Address by which a few people can join. With OpenID Connect: the forum's own. */
  invitation(): Promise<string>
  /** Address with a one-time key: signs in the first person, who is admin. With OpenID Connect: the forum's own. */
  entryLink(): Promise<string>
  readonly http: NonNullable<Platform["http"]>
}
/** In UTF-16 code units: a body that was approved, in Markdown. */
const maxChars = 60_000
// A form of 200 kB of text, each character escaped, still arrives and gets its sentence.
const maxFormBytes = 4_000_000
const invitationUses = 10

/** Throws {@link ForumCannotOpen}. The tables must be there: run {@link forumMigrations} first. */
export async function openForum(options: ForumOptions): Promise<Forum> {
  checkOpening(options)
  const { origin, clock, log, pseudonyms } = options
  const db = options.db.withTables<ForumTables>() as Kysely<ForumTables>
  const workspace = "forum" as WorkspaceId
  const ending = new AbortController()
  let heard: Inbox | null = null
  let listening: Promise<void> | null = null
  const inbox = () => {
    if (heard === null) throw new Error("the forum was not started: call start(inbox) before it serves")
    return heard
  }
  // SQLite belongs to one process: there is nobody to pass it on to.
  const between = options.dialect === "postgres" ? relay(db, clock, log) : null
  const nudges = live((p) => between?.pass(p))
  const folk = people(db, clock, options)
  const store = topics(db, clock)
  const notices = notes(db, clock, nudges)
  const signedIn = sessions(db, clock, folk, origin)
  const oneTime = keys(db, clock)
  const provider = options.oidc === null ? null : oidc(options.oidc, db, origin)
  const out = outbound(db, clock, nudges, origin, workspace)
  const read = threads(store, folk, options.audienceName ?? "everyone in this forum")
  const ctx: Context = {
    ...{
      origin,
      workspace,
      clock,
      log,
      pseudonyms,
      inbox,
      live: nudges,
      people: folk,
      topics: store,
      notes: notices,
      sessions: signedIn,
      keys: oneTime,
    },
    oidc: provider,
    cureOf: options.cureOf,
    progress: new Map<RequestId, string>(),
    hear: (m, by) => inbound(inbox(), store, folk, notices, workspace, log).hear(m, by),
  }

  return {
    name: "forum",
    can: { maxChars, readsConsistently: true, seesOwnPosts: true },
    async start(given) {
      heard = given
      await seed(store)
      await inbound(given, store, folk, notices, workspace, log).catchUp()
      listening = between?.run(nudges.hear, nudges.anybody, ending.signal) ?? null
    },
    async stop() {
      ending.abort()
      nudges.endAll()
      await listening
    },
    render: (body) => render(body),
    ...read,
    publish: out.publish,
    findPosted: (attempt) => out.findPosted(attempt),
    withdraw: out.withdraw,
    sweep: (since) => sweep(db, workspace, origin, since),
    async show(card, to) {
      const account = accountOf(to)
      if (account === null || (await folk.find(account)) === null) return "unreachable"
      if (card.phase === "drafting" && card.note !== null) ctx.progress.set(card.request, card.note)
      else ctx.progress.delete(card.request)
      nudges.one(account, { event: "card", request: card.request })
      // Settled cards stand on no page that one comes to by oneself: whoever looked away would never hear of it.
      if (card.endedByItself && card.note !== null) await notices.once(account, card.note, `/c/${card.request}`)
      return `forum:${card.request}` as CardRef
    },
    async tell(to, notice) {
      const account = accountOf(to)
      if (account === null || (await folk.find(account)) === null) return "unreachable"
      const draft = notice.kind === "reminder" || notice.kind === "notPosted" ? "/queue" : null
      await notices.add(account, noticeWords(notice), ("url" in notice ? notice.url : null) ?? draft)
      return "told"
    },
    async forget(person) {
      const account = accountOf(person)
      if (account === null) return
      const known = await folk.find(account)
      if (known !== null) await out.forget(pseudonyms.of(person), known.name)
      await folk.forget(account)
      nudges.drop(account)
    },
    // A forum has pages for it: its own, and the console for the whole installation.
    resumeBy: () => "That is done in the line at the top of any page, or on the console page.",
    viewer: signedIn.viewer,
    mayPost: signedIn.mayPost,
    invitation: async () => (provider !== null ? `${origin}/` : `${origin}/enter/${await oneTime.make("invitation", invitationUses, null)}`),
    entryLink: async () => (provider !== null ? `${origin}/` : `${origin}/enter/${await oneTime.make("entry", 1, null)}`),
    http: { prefix: "/", listener: getRequestListener(pages(ctx, ending.signal).fetch, { overrideGlobalObjects: false }) },
  }
}

function pages(ctx: Context, ending: AbortSignal): Hono {
  const app = new Hono()
  app.use(hostGuard(ctx.origin), securityHeaders)
  app.post("*", async (c, next) => {
    if ((await readForm(c.req.raw, maxFormBytes)) !== "too-much") return next()
    return say(ctx, c, null, {
      title: "That is too much",
      words:
        "The form held more than this server takes, so nothing was changed. Go back: your text is still in the form. Shorten it and send it again.",
      status: 413,
    })
  })
  app.route("/assets", assets())
  for (const part of [
    entryPages(ctx),
    topicPages(ctx),
    threadPages(ctx),
    decisionPages(ctx),
    queuePages(ctx),
    peoplePages(ctx),
    switchPages(ctx),
    livePages(ctx, ending),
  ]) {
    app.route("/", part)
  }
  if (ctx.oidc !== null) app.route("/", ctx.oidc.pages(ctx))
  app.notFound(async (c) => {
    const viewer = await viewerOr(ctx, c)
    return viewer instanceof Response ? viewer : notFound(ctx, c, viewer)
  })
  app.onError(async (e, c) => {
    ctx.log.error(
      { path: new URL(c.req.url).pathname.replace(/\/enter\/.*/, "/enter"), err: e.name, code: "code" in e ? String(e.code) : "none" },
      "a page failed",
    )
    const kept =
      c.req.method === "POST"
        ? await formOf(c).then(
            (form) => form.one("text"),
            () => "",
          )
        : ""
    const cure = ctx.cureOf(e)
    return say(ctx, c, null, {
      title: cure === null ? "Something went wrong here" : "Nothing can be stored just now",
      words: cure ?? "It is not clear whether your last step was saved. Open the page again and look.",
      status: 500,
      kept,
    })
  })
  return app
}
