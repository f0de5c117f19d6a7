// Everything that Discord people get from us goes out here, and nowhere else. Public words are three: what a spent permit lets out, in
// one call that is never repeated; the sentence that takes a post's text away; and the one that tells somebody who takes no direct
// messages that a draft is ready. All the rest is for one person's eyes: ephemeral answers, direct messages, modals.
import { createHash, randomUUID } from "node:crypto"
import { type APIMessage, ButtonStyle, InteractionResponseType, MessageFlags, Routes } from "discord.js"
import type { Card } from "../../src/core/card.ts"
import type { CardRef, LabelId, PersonId, PostedRef } from "../../src/core/domain.ts"
import { noticeWords } from "../../src/core/notices.ts"
import { type PublishPermit, type Release, spend } from "../../src/core/permit.ts"
import { type Clock, type Log, PostRefused } from "../../src/core/ports.ts"
import type { Signpost } from "../../src/core/signposts.ts"
import { discordButtons, discordFrame } from "../../src/label/read/discord.ts"
import { postId } from "./actions.ts"
import type { Answering, Answers } from "./answering.ts"
import type { CalledIn } from "./called.ts"
import { cardMessage } from "./cards.ts"
import { type Button, buttonRow, inMessages, maxUrl, type Private, privately, textDisplay } from "./components.ts"
import type { Outbound } from "./context.ts"
import { link, plainSource } from "./escape.ts"
import { acknowledgedBefore, asleep, codeOf, nameOfFault, noAccess, notNow, unknown } from "./faults.ts"
import { accountOf, type MessageAt, messageAt, messageIdOf, nonceOf, roomOf, urlOf, workspaceOf } from "./ids.ts"
import { editModal, type Modal, redraftModal, reportModal, retractModal } from "./modals.ts"
import { DiscordFailed, refusalOf } from "./refused.ts"
import { maxChars, maxMessage, withLabel } from "./render.ts"
import { shown } from "./shown.ts"
import { readyMessage, withdrawnSource } from "./signpost.ts"
import type { Wire } from "./wire.ts"

export const can = { maxChars, readsConsistently: false, seesOwnPosts: true } as const

const mostDirects = 5_000
const silent = { parse: [] } as const
const gone: readonly (number | null)[] = [unknown.channel, unknown.message]
/** They take no direct messages, from us or from anybody; there is nobody of that id. */
const closed: readonly (number | null)[] = [50007, 50278, unknown.user, 50033]
/** Its 15 minutes are over, or whoever saw it has dismissed it. */
const over: readonly (number | null)[] = [unknown.interaction, unknown.webhook, unknown.message, 50027]
const editTooLong = "This text is longer than Discord's field holds. Redraft it shorter, or discard it and ask again."

type Ways = { readonly wire: Wire; readonly answers: Answers; readonly calledIn: CalledIn; readonly clock: Clock; readonly log: Log }
export function outbound({ wire, answers, calledIn, clock, log }: Ways): Outbound {
  const { control } = wire
  const cards = shown(clock)
  const directs = new Map<string, string>()

  async function publish(permit: PublishPermit, signal: AbortSignal): Promise<PostedRef> {
    const release = spend(permit)
    const { place } = release
    const [room, content] = [roomOf(place), withLabel(release.rendered.payload, release.label.lines)]
    if (content.length > maxMessage) throw new PostRefused("With its label, the text is too long for one message. Shorten it and try again.")
    if (signal.aborted || clock.now() >= release.notAfter) throw new PostRefused("It took too long, so nothing was sent.")
    const sent = await wire.poster.post(Routes.channelMessages(room), { body: postOf(release, room, content), signal }).catch((fault: unknown) => {
      throw refusalOf(fault) ?? new DiscordFailed(fault)
    })
    const at = atOf(sent)
    if (at.channel !== room) {
      log.error({ workspace: place.workspace, channel: at.channel }, "Discord put a post elsewhere than it was sent to; it is deleted")
      await remove(at)
      throw new Error("Discord put the post elsewhere than it was sent to")
    }
    return { workspace: place.workspace, id: messageIdOf(at), url: urlOf(place.workspace, at) }
  }

  async function withdraw(post: PostedRef, words: Signpost): Promise<"withdrawn" | "gone" | "refused"> {
    const at = messageAt(post.id)
    if (at === null) return "gone"
    try {
      const kept = discordFrame(await control.get(Routes.channelMessage(at.channel, at.message)))
      const content = [kept.first, withdrawnSource(words), kept.last].filter((line) => line !== null).join("\n")
      // What somebody else with the token put beside the text goes with it.
      const body = { content, embeds: [], attachments: [], components: kept.row === null ? [] : [kept.row], allowed_mentions: silent }
      await awake(at, () => control.patch(Routes.channelMessage(at.channel, at.message), { body }))
      return "withdrawn"
    } catch (fault) {
      if (gone.includes(codeOf(fault))) return "gone"
      // Words that cannot be replaced go altogether.
      if (refusalOf(fault) !== null && notNow(fault) === null) return remove(at)
      throw notNow(fault) ?? new DiscordFailed(fault)
    }
  }
  async function remove(at: MessageAt): Promise<"withdrawn" | "gone" | "refused"> {
    try {
      await awake(at, () => control.delete(Routes.channelMessage(at.channel, at.message)))
      return "withdrawn"
    } catch (fault) {
      if (gone.includes(codeOf(fault))) return "gone"
      if (refusalOf(fault) !== null && notNow(fault) === null) return "refused"
      throw notNow(fault) ?? new DiscordFailed(fault)
    }
  }
  /** In a thread that sleeps nothing can be changed or deleted, so it is woken first: whoever is in it may, unless it is locked. */
  async function awake(at: MessageAt, call: () => Promise<unknown>): Promise<void> {
    try {
      await call()
    } catch (fault) {
      if (codeOf(fault) !== asleep) throw fault
      await control.patch(Routes.channel(at.channel), { body: { archived: false } })
      await call()
    }
  }

  async function show(card: Card, to: PersonId, before: CardRef | null): Promise<CardRef | "unreachable"> {
    const account = accountOf(to)
    if (account === null || workspaceOf(account.guildId) !== card.workspace) return "unreachable"
    return cards.inTurn(card, async () => {
      try {
        return ((await showAt(card, to, account.userId, before)) ?? "unreachable") as CardRef | "unreachable"
      } catch (fault) {
        cards.failed(card)
        throw notNow(fault) ?? new DiscordFailed(fault)
      }
    })
  }
  /** Null: they cannot be reached. */
  async function showAt(card: Card, to: PersonId, user: string, before: CardRef | null): Promise<string | null> {
    const body = cardMessage(card, cards.ticked(card))
    const live = answers.of(to, card)
    const inAnswer = live !== null && (await showInAnswer(live, card, body))
    const [, kind, id = ""] = /^([des]):(.+)$/s.exec(before ?? "") ?? []
    const at = messageAt(id)
    if (kind === "s" && at !== null) {
      // It says that a draft waits: not for longer than it does.
      if (card.phase === "settled") await remove(at)
      return before
    }
    const inDirect = kind === "d" && at !== null ? await showInDirect(at, card, body) : "gone"
    if (inDirect === "shown") return before
    if (inAnswer) return `e:${live?.id}`
    const waits = card.phase === "review" || card.phase === "unclear"
    if (inDirect === "closed") return null
    // A card that came by a command and is no longer there comes directly when there is something to decide, and not for the news.
    if (before !== null && !waits) return null
    const sent = await direct(user, body, `${card.request} ${JSON.stringify(body)}`)
    if (sent === "closed") return waits && (await calledIn(user, card)) ? ready(card) : null
    cards.worth(card, messageIdOf(sent), JSON.stringify(body))
    return `d:${messageIdOf(sent)}`
  }
  /** False: it is not there any more. */
  async function showInAnswer(by: Answering, card: Card, body: Private): Promise<boolean> {
    if (cards.worth(card, `${by.id} ${by.message}`, JSON.stringify(body)) !== "yes") return true
    return unlessOver(() => control.patch(Routes.webhookMessage(wire.applicationId, by.token, by.message), { body, auth: false }))
  }
  async function showAgain(by: Answering, card: Card, read: () => Promise<Card | null>): Promise<void> {
    await cards.inTurn(card, async () => {
      const now = await read()
      if (now !== null) await showInAnswer(by, now, cardMessage(now, cards.ticked(now))).catch(failed)
    })
  }
  /** `closed`: whoever has no server with us any more is not reached there either, however often it is tried. */
  async function showInDirect(at: MessageAt, card: Card, body: Private): Promise<"shown" | "gone" | "closed"> {
    if (cards.worth(card, messageIdOf(at), JSON.stringify(body)) !== "yes") return "shown"
    try {
      await control.patch(Routes.channelMessage(at.channel, at.message), { body })
      return "shown"
    } catch (fault) {
      if (gone.includes(codeOf(fault)) || codeOf(fault) === noAccess) return "gone"
      if (!closed.includes(codeOf(fault))) throw fault
      cards.failed(card)
      return "closed"
    }
  }
  /** Somebody's conversation with us is always the same one. */
  async function openDirect(user: string): Promise<string> {
    const { id } = (await control.post(Routes.userChannels(), { body: { recipient_id: user } })) as { readonly id: string }
    if (directs.size >= mostDirects) directs.clear()
    directs.set(user, id)
    return id
  }
  /** `what`: the same words, sent again because Discord's answer was lost, are one message. */
  async function direct(user: string, body: Private, what: string): Promise<MessageAt | "closed"> {
    try {
      const channel = directs.get(user) ?? (await openDirect(user))
      const send = (as: string) => control.post(Routes.channelMessages(channel), { body: { ...body, ...once(as) } })
      return atOf(
        await send(what).catch((fault: unknown) => {
          // It stood there, and was deleted: so it is wanted anew.
          if (codeOf(fault) !== unknown.message) throw fault
          return send(`${what} ${randomUUID()}`)
        }),
      )
    } catch (fault) {
      if (closed.includes(codeOf(fault))) return "closed"
      throw fault
    }
  }
  /** Where everybody can see it, for whoever asked there and takes no direct messages. */
  async function ready(card: Card): Promise<string | null> {
    const [room, asked] = [roomOf(card.place), messageAt(card.message)]
    const reply = asked?.channel === room ? { message_reference: { message_id: asked.message, fail_if_not_exists: false } } : {}
    const body = { ...readyMessage(card), ...reply, ...once(`${card.request} ready`), allowed_mentions: silent }
    try {
      return `s:${messageIdOf(atOf(await control.post(Routes.channelMessages(room), { body })))}`
    } catch (fault) {
      if (refusalOf(fault) === null || notNow(fault) !== null) throw fault
      log.info({ request: card.request, fault: nameOfFault(fault) }, "somebody could not be told that a draft is ready")
      return null
    }
  }

  /** False: too late. */
  async function unlessOver(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call()
      return true
    } catch (fault) {
      if (!over.includes(codeOf(fault)) && codeOf(fault) !== acknowledgedBefore) throw fault
      log.info({ fault: nameOfFault(fault) }, "an answer to an interaction came too late")
      return false
    }
  }
  async function answerFirst(by: Answering, body: object): Promise<"in-time" | "too-late"> {
    const call = () => control.post(Routes.interactionCallback(by.id, by.token), { body, auth: false })
    return (await unlessOver(call).catch(failed)) ? "in-time" : "too-late"
  }
  const open = (by: Answering, modal: Modal) => answerFirst(by, { type: InteractionResponseType.Modal, data: modal })
  const follow = (by: Answering, body: Private) =>
    control.post(Routes.webhook(wire.applicationId, by.token), { body: { ...body, flags: body.flags | MessageFlags.Ephemeral }, auth: false })

  return {
    publish,
    withdraw,
    show,
    async tell(to, notice) {
      const account = accountOf(to)
      if (account === null) return "unreachable"
      const url = "url" in notice && notice.url !== null ? ` ${link("Open it", notice.url)}` : ""
      const body = privately([textDisplay(plainSource(noticeWords(notice)) + url)])
      const live = answers.lately(to)
      if (live !== null && (await unlessOver(() => follow(live, body)).catch(failed))) return "told"
      const sent = await direct(account.userId, body, randomUUID()).catch(failed)
      return sent === "closed" ? "unreachable" : "told"
    },
    acknowledge(by, how) {
      if (how === "update") return answerFirst(by, { type: InteractionResponseType.DeferredMessageUpdate })
      return answerFirst(by, { type: InteractionResponseType.DeferredChannelMessageWithSource, data: { flags: MessageFlags.Ephemeral } })
    },
    async say(by, words, where) {
      for (const [i, text] of inMessages(words, plainSource).entries()) {
        const body = privately([textDisplay(text)])
        const first = () => control.patch(Routes.webhookMessage(wire.applicationId, by.token), { body, auth: false })
        await unlessOver(where === "first" && i === 0 ? first : () => follow(by, body)).catch(failed)
      }
    },
    async showIn(by, card, acknowledged) {
      if (acknowledged.length > 0) cards.tick(card, acknowledged)
      await showAgain(by, card, async () => card)
    },
    showAgain,
    async showMore(by, card) {
      const sent = (await follow(by, cardMessage(card, cards.ticked(card))).catch(failed)) as APIMessage
      return { ...by, message: sent.id }
    },
    openEdit(by, card) {
      const modal = editModal(card)
      if (modal !== null) return open(by, modal)
      const { components, flags } = privately([textDisplay(editTooLong)])
      return answerFirst(by, {
        type: InteractionResponseType.ChannelMessageWithSource,
        data: { components, flags: flags | MessageFlags.Ephemeral },
      })
    },
    openRedraft: (by, card) => open(by, redraftModal(card)),
    openReport: (by, label) => open(by, reportModal(label)),
    openRetract: (by, label) => open(by, retractModal(label)),
    async setCommands(commands) {
      await control.put(Routes.applicationCommands(wire.applicationId), { body: commands }).catch(failed)
    },
  }
}
function failed(fault: unknown): never {
  throw notNow(fault) ?? new DiscordFailed(fault)
}
const atOf = (sent: unknown): MessageAt => ({ channel: (sent as APIMessage).channel_id, message: (sent as APIMessage).id })
/** A call of these may be made twice, when its answer is lost: Discord makes one message of both. Not the form of an attempt's nonce. */
function once(what: string) {
  return { nonce: `c${createHash("sha256").update(what).digest("base64url").slice(0, 20)}`, enforce_nonce: true }
}

/** One message: plain text, so that it is found and read everywhere; no previews; nobody is called; the attempt makes it one. */
function postOf({ attempt, message, label }: Release, room: string, content: string) {
  const { url } = label.claims
  const jti = label.claims.jti as LabelId
  const whole = `${url}#${label.mini}`
  const asked = messageAt(message)
  const reply = asked?.channel === room ? { message_reference: { message_id: asked.message, fail_if_not_exists: false } } : {}
  const buttons: readonly Button[] = [
    { style: ButtonStyle.Link, label: discordButtons.verify, url: whole.length <= maxUrl ? whole : url },
    { style: ButtonStyle.Secondary, label: discordButtons.report, custom_id: postId("report", jti) },
    { style: ButtonStyle.Secondary, label: discordButtons.acted, custom_id: postId("acted", jti) },
  ]
  return {
    content,
    ...reply,
    components: [buttonRow(buttons)],
    flags: MessageFlags.SuppressEmbeds,
    allowed_mentions: { ...silent, replied_user: false },
    nonce: nonceOf(attempt),
    enforce_nonce: true,
  }
}
