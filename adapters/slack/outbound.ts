// Everything that Slack people get from us goes out here, and nowhere else. Public words are two: what a spent permit lets out, in one
// call that is never repeated, and the signpost that takes a post's text away. All the rest is for one person's eyes: cards,
// modals, App Home, notices. Never `response_url`, which could make a private answer public.
import type { HomeView, ModalView } from "@slack/types"
import type { WebClient } from "@slack/web-api"
import type { Card } from "../../src/core/card.ts"
import type { CardRef, PersonId, Place, PostedRef, WorkspaceId } from "../../src/core/domain.ts"
import { type Notice, noticeWords } from "../../src/core/notices.ts"
import { type PublishPermit, spend } from "../../src/core/permit.ts"
import { type Clock, type Log, PostRefused } from "../../src/core/ports.ts"
import type { Signpost } from "../../src/core/signposts.ts"
import { labelBlocks, visibleSlack } from "../../src/label/read/slack.ts"
import type { PostClick } from "./actions.ts"
import { type Block, labelBlock, liveLine, plainSection } from "./blocks.ts"
import { type CardMessage, cardMessage, pointer, standIn } from "./cards.ts"
import type { Clients } from "./clients.ts"
import { cardMetadata, type Doubts, doubts } from "./doubts.ts"
import { errorOf, nameOfFault } from "./errors.ts"
import { escaped, harmless, link } from "./escape.ts"
import { permalink } from "./found.ts"
import { type Home, homeView } from "./home.ts"
import { accountOf, isDirect, type MessageAt, messageAt, messageIdOf, teamIdOf, workspaceOf } from "./ids.ts"
import { metadataOf } from "./label-metadata.ts"
import { live } from "./live.ts"
import type { Ending, Streams } from "./live-line.ts"
import { editModal, noticeModal, redraftModal, reportModal, retractModal, reviewModal } from "./modals.ts"
import { notNow } from "./not-now.ts"
import { inDirect, readOne, unlessUnreachable, whereSeen } from "./reach.ts"
import { busyOf, refusalOf } from "./refused.ts"
import { maxChars, payloadOf } from "./render.ts"
import { sessions } from "./sessions.ts"
import { shown } from "./shown.ts"
import { signpostBlock, signpostText } from "./signpost.ts"

/** What an interaction allows: one modal, within 3 s. `over`: where the click was; on a modal the new one lies on top. */
export interface Opening {
  readonly workspace: WorkspaceId
  readonly trigger: string
  readonly over: "page" | "modal"
}
export const can = { maxChars, readsConsistently: false, seesOwnPosts: true } as const

export interface Outbound {
  publish(permit: PublishPermit, signal: AbortSignal): Promise<PostedRef>
  withdraw(post: PostedRef, words: Signpost): Promise<"withdrawn" | "gone" | "refused">
  show(card: Card, to: PersonId, over: CardRef | null): Promise<CardRef | "unreachable">
  tell(to: PersonId, notice: Notice): Promise<"told" | "unreachable">
  /** For one person's eyes, where they are looking; gone when they reload. `words` are the program's own. */
  whisper(at: Place, to: PersonId, words: string): Promise<"told" | "unreachable">
  openReview(from: Opening, card: Card): Promise<void>
  /** Opens a word instead, when the text is longer than a modal's fields hold. */
  openEdit(from: Opening, card: Card): Promise<void>
  openRedraft(from: Opening, card: Card): Promise<void>
  openReport(from: Opening, post: PostClick): Promise<void>
  openRetract(from: Opening, post: PostClick): Promise<void>
  openNotice(from: Opening, title: string, words: string): Promise<void>
  /** `hash`: of the view as it was seen; another change since then wins. */
  updateReview(workspace: WorkspaceId, view: { readonly id: string; readonly hash?: string | undefined }, card: Card): Promise<void>
  publishHome(to: PersonId, home: Home): Promise<void>
  /** Until nothing moves beside the cards. */
  idle(): Promise<void>
  /** Ends what moves beside the cards. */
  close(): Promise<void>
}

const tooLate = ["expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged"]
const urlTtlMs = 1_500
const editTooLong = "This text is longer than Slack's fields hold. Redraft it shorter, or discard it and ask again."

export function outbound(clients: Clients, clock: Clock, log: Log): Outbound {
  const closing = new AbortController()
  const cards = shown(clock, closing.signal)
  const firsts = doubts(clock)
  const moving = live(streams(clients), sessions(clients), clock, log)

  async function publish(permit: PublishPermit, signal: AbortSignal): Promise<PostedRef> {
    const { attempt, place, rendered, label, notAfter } = spend(permit)
    const { blocks, text } = payloadOf(rendered)
    const { first, last } = label.lines
    const client = await clients.poster(place.workspace, signal).catch((cause: unknown) => {
      throw new PostRefused("The app's token for this workspace could not be had, so nothing was sent.", { cause })
    })
    // Fetching a token may take its time: what was given up meanwhile is not begun.
    if (signal.aborted || clock.now() >= notAfter) throw new PostRefused("It took too long, so nothing was sent.")
    const sent = await client.chat
      .postMessage({
        channel: place.channel,
        ...(place.thread === null ? {} : { thread_ts: place.thread }),
        blocks: [labelBlock(first), ...blocks, labelBlock(last)],
        text: [escaped(first), text, escaped(last)].join("\n"),
        metadata: metadataOf(label, attempt),
        unfurl_links: false,
        unfurl_media: false,
        mrkdwn: false,
        parse: "none",
        link_names: false,
      })
      .catch((fault: unknown) => {
        throw refusalOf(fault) ?? fault
      })
    const at = { channel: sent.channel ?? "", ts: sent.ts ?? "" }
    if (at.channel !== place.channel || (sent.message?.thread_ts ?? null) !== place.thread) {
      log.error({ workspace: place.workspace, channel: at.channel }, "Slack put a post elsewhere than it was sent to; it is deleted")
      await remove(await clients.control(place.workspace), at)
      throw new Error("Slack put the post elsewhere than it was sent to")
    }
    return { workspace: place.workspace, id: messageIdOf(at), url: await urlOf(place.workspace, at) }
  }

  /** It is posted: nothing that goes wrong here may make that unclear, or hold the news up. */
  async function urlOf(workspace: WorkspaceId, at: MessageAt): Promise<string | null> {
    const { promise: late, resolve } = Promise.withResolvers<null>()
    const timer = setTimeout(() => resolve(null), urlTtlMs)
    const asked = clients.control(workspace).then((client) => permalink(client, at.channel, at.ts))
    return Promise.race([asked.catch(() => null), late]).finally(() => clearTimeout(timer))
  }

  async function withdraw(post: PostedRef, words: Signpost): Promise<"withdrawn" | "gone" | "refused"> {
    const at = messageAt(post.id)
    if (at === null) return "gone"
    const client = await clients.control(post.workspace)
    const kept = labelBlocks(await readOne(client, at))
    const blocks = [kept.first, signpostBlock(words), kept.last].filter((b) => b !== null) as Block[]
    try {
      await client.chat.update({
        channel: at.channel,
        ts: at.ts,
        blocks,
        text: `${signpostText(words)} ${escaped(visibleSlack([kept.first ?? {}]))}`.trim(),
      })
      return "withdrawn"
    } catch (fault) {
      const error = errorOf(fault)
      if (error === "message_not_found" || error === "channel_not_found") return "gone"
      // Words that cannot be replaced go altogether.
      if (error !== null && notNow(fault) === null) return remove(client, at)
      throw fault
    }
  }

  async function show(card: Card, to: PersonId, over: CardRef | null): Promise<CardRef | "unreachable"> {
    const account = accountOf(to)
    if (account === null || workspaceOf(account.teamId) !== card.workspace) return "unreachable"
    const message = cardMessage(card)
    const put = async () => {
      const at = over === null ? null : messageAt(over)
      const worth = cards.worth(card, `${card.phase} ${JSON.stringify(message)}`)
      if (over !== null && worth !== "yes") {
        if (worth !== "overtaken" && at !== null) moving.follow(card, at, "over")
        if (worth === "too-soon") cards.later(card, put)
        return over
      }
      try {
        const client = await clients.control(card.workspace)
        const kept = at !== null && (await replaced(client, at, message))
        const ref = kept ? (over as CardRef) : await direct(client, account.userId, message, { card, firsts })
        const stands = messageAt(ref)
        if (stands !== null) moving.follow(card, stands, kept ? "over" : "new")
        if (ref === "unreachable" ? worth === "yes" && card.phase !== "drafting" : over === null)
          void point(card, account.userId, ref === "unreachable" ? standIn(card) : pointer(card))
        return ref as CardRef | "unreachable"
      } catch (fault) {
        cards.failed(card)
        throw busyOf(fault) ?? fault
      }
    }
    return cards.inTurn(card, put)
  }
  /** Never waited for: it may not arrive, and the card does not depend on it. */
  async function point({ request, workspace, place: { channel, thread } }: Card, user: string, words: CardMessage): Promise<void> {
    if (isDirect(channel)) return
    await clients
      .control(workspace)
      .then(async (client) => client.chat.postEphemeral({ channel, user, ...(await whereSeen(client, channel, thread)), ...sendable(words) }))
      .catch((fault: unknown) => log.info({ request, fault: nameOfFault(fault) }, "a pointer to a card did not arrive"))
  }

  async function open({ workspace, trigger, over }: Opening, view: ModalView): Promise<void> {
    const client = await clients.control(workspace)
    const by = { trigger_id: trigger, view }
    try {
      await (over === "modal" ? client.views.push(by) : client.views.open(by))
    } catch (fault) {
      if (!tooLate.includes(errorOf(fault) ?? "")) throw fault
      log.warn({ workspace, fault: nameOfFault(fault) }, "a modal could not be opened in the 3 s that Slack gives")
    }
  }

  return {
    idle: moving.idle,
    close() {
      closing.abort(new Error("Slack is closing"))
      return moving.close()
    },
    publish,
    withdraw,
    show,
    async tell(to, notice) {
      const account = accountOf(to)
      if (account === null) return "unreachable"
      const workspace = workspaceOf(account.teamId)
      if ((await clients.team(workspace)) === null) return "unreachable"
      const url = "url" in notice && notice.url !== null ? ` ${link("Open it", notice.url)}` : ""
      const text = harmless(noticeWords(notice)) + url
      const sent = await direct(await clients.control(workspace), account.userId, { text, blocks: [] })
      return sent === "unreachable" ? sent : "told"
    },
    async whisper(at, to, words) {
      const account = accountOf(to)
      if (account === null || account.teamId !== teamIdOf(at.workspace)) return "unreachable"
      const client = await clients.control(at.workspace)
      const message = { text: harmless(words), blocks: [] }
      if (isDirect(at.channel)) return (await direct(client, account.userId, message)) === "unreachable" ? "unreachable" : "told"
      return unlessUnreachable(async () => {
        const where = await whereSeen(client, at.channel, at.thread)
        await client.chat.postEphemeral({ channel: at.channel, user: account.userId, ...where, ...sendable(message) })
        return "told" as const
      })
    },
    openReview: (from, card) => open(from, reviewModal(card)),
    openEdit: (from, card) => open(from, editModal(card) ?? noticeModal("Too long to edit here", editTooLong)),
    openRedraft: (from, card) => open(from, redraftModal(card)),
    openReport: (from, post) => open(from, reportModal(post)),
    openRetract: (from, post) => open(from, retractModal(post)),
    openNotice: (from, title, words) => open(from, noticeModal(title, words)),
    async updateReview(workspace, view, card) {
      const client = await clients.control(workspace)
      await client.views.update({ view_id: view.id, ...(view.hash === undefined ? {} : { hash: view.hash }), view: reviewModal(card) })
    },
    async publishHome(to, home) {
      const account = accountOf(to)
      if (account === null || workspaceOf(account.teamId) !== home.workspace) return
      const client = await clients.control(home.workspace)
      await client.views.publish({ user_id: account.userId, view: homeView(home) satisfies HomeView })
    },
  }
}

function sendable({ text, blocks }: CardMessage) {
  return { text, ...(blocks.length === 0 ? {} : { blocks: [...blocks] }), parse: "none" as const, unfurl_links: false, unfurl_media: false }
}
/** A direct message; its ref. `first`: the first card of a request, of which there may be one already. */
function direct(client: WebClient, user: string, message: CardMessage, first?: { readonly card: Card; readonly firsts: Doubts }): Promise<string> {
  return inDirect(client, user, async (channel) => {
    const before = (await first?.firsts.earlier(client, channel, first.card)) ?? null
    if (before !== null && (await replaced(client, { channel, ts: before }, message))) return messageIdOf({ channel, ts: before })
    const send = (carries = {}) => client.chat.postMessage({ channel, ...sendable(message), ...carries })
    const sent = first === undefined ? await send() : await first.firsts.sending(first.card, () => send({ metadata: cardMetadata(first.card) }))
    return sent.ts === undefined ? "unreachable" : messageIdOf({ channel: sent.channel ?? channel, ts: sent.ts })
  })
}
/** False: it is not there any more, and is sent anew. */
async function replaced(client: WebClient, at: MessageAt, { text, blocks }: CardMessage): Promise<boolean> {
  try {
    await client.chat.update({ channel: at.channel, ts: at.ts, text, blocks: [...blocks], parse: "none" })
    return true
  } catch (fault) {
    if (["message_not_found", "channel_not_found", "cant_update_message", "edit_window_closed"].includes(errorOf(fault) ?? "")) return false
    throw fault
  }
}
async function remove(client: WebClient, at: MessageAt): Promise<"withdrawn" | "gone" | "refused"> {
  try {
    await client.chat.delete({ channel: at.channel, ts: at.ts })
    return "withdrawn"
  } catch (fault) {
    const error = errorOf(fault)
    if (error === "message_not_found" || error === "channel_not_found") return "gone"
    if (error !== null && notNow(fault) === null) return "refused"
    throw fault
  }
}
/** Only ever replies in a direct message; without a recipient, Slack refuses a stream anywhere else. */
function streams(clients: Clients): Streams {
  return {
    async start(workspace, { channel, ts }, words) {
      const client = await clients.control(workspace)
      const begun = await client.chat.startStream({ channel, thread_ts: ts, chunks: liveLine(words, "in_progress") })
      if (begun.ts === undefined) throw new Error("Slack began a stream and did not say where")
      return begun.ts
    },
    async append(workspace, line, words) {
      const client = await clients.control(workspace)
      await client.chat.appendStream({ ...line, chunks: liveLine(words, "in_progress") })
    },
    async stop(workspace, line, { words, mark, turns }: Ending) {
      const client = await clients.control(workspace)
      const more = { ...(words === null ? {} : { chunks: liveLine(words, mark) }), ...(turns === null ? {} : { session_status: turns }) }
      await client.chat.stopStream({ ...line, ...more })
    },
    async replace(workspace, line, words) {
      const client = await clients.control(workspace)
      await client.chat.update({ ...line, text: harmless(words), blocks: [plainSection(words)], parse: "none" })
    },
  }
}
