// What may be done with an interaction's token for fifteen minutes: the first answer read, edited, deleted; follow-ups sent.
import { checkEdit, checkMessage, isEmpty, settable } from "../checks/message.ts"
import { messageCreated, messageDeleted, messageUpdated } from "../events.ts"
import type { Interaction } from "../interactions.ts"
import { allowedFrom } from "../mentions.ts"
import { put, takeOut } from "../post.ts"
import { refuse } from "../refusal.ts"
import { type OpenCall, open, param, type Reply, type Routes } from "../rest/route.ts"
import { type Fields, flag, type Message } from "../state.ts"
import { messageOut, userOut } from "../wire.ts"
import { apply } from "./posting.ts"

/** It names who asked, in public too. */
export const metadataOf = (of: Interaction): Fields => ({
  id: of.id,
  type: of.type,
  user: userOut(of.user),
  authorizing_integration_owners: { 0: of.channel.guild?.id ?? "0" },
})
/** The token is good only once the interaction was acknowledged, and not for long. */
function interactionOf(call: OpenCall): Interaction {
  const { core } = call
  const interaction = core.interactions.byToken(param(call, "token"))
  if (interaction === undefined || interaction.app.id !== param(call, "application")) return refuse(10015)
  if (!core.interactions.alive(interaction)) refuse(50027)
  return interaction.state === "acknowledged" ? interaction : refuse(10015)
}
const original = (of: Interaction): Message => (of.original === null || of.original.deleted ? refuse(10008) : of.original)
function followUpOf(call: OpenCall, of: Interaction): Message {
  const id = param(call, "message")
  const found = of.followUps.get(id) ?? (of.original?.id === id ? of.original : undefined)
  return found === undefined || found.deleted ? refuse(10008) : found
}
function edit(call: OpenCall, of: Interaction, message: Message): Reply {
  const content = checkEdit(call.body, message)
  if (isEmpty(content)) refuse(50006)
  const thinking = (message.flags & flag.loading) !== 0
  apply(message, content, { allowed_mentions: { parse: ["users"] }, ...call.body }, call.core.time.now())
  // The answer that "thinking" stood for is new, not edited.
  if (thinking) message.editedAt = null
  call.afterReply(() => messageUpdated(call.core, message, "all"))
  return messageOut(message, of.app, true)
}
function remove(call: OpenCall, message: Message): Reply {
  takeOut(message)
  call.afterReply(() => messageDeleted(call.core, message, "all"))
  return null
}
function followUp(call: OpenCall): Reply {
  const { core, body } = call
  const of = interactionOf(call)
  const content = checkMessage(body, settable | flag.ephemeral)
  if (isEmpty(content)) refuse(50006)
  const thinking = of.original !== null && (of.original.flags & flag.loading) !== 0
  // The first follow-up after a deferral takes the place of "thinking", and is as private as that was.
  if (thinking && of.original !== null) {
    const { flags: _, ...rest } = body
    return edit({ ...call, body: { ...rest, flags: content.flags & ~flag.ephemeral & ~flag.suppressNotifications } }, of, of.original)
  }
  const ephemeralTo = (content.flags & flag.ephemeral) === 0 ? null : of.user
  const message = put(core, of.channel, {
    author: of.app.user,
    app: of.app,
    ...content,
    interaction: metadataOf(of),
    ephemeralTo,
    allowed: allowedFrom(body["allowed_mentions"], "people"),
    via: "interaction",
  })
  of.followUps.set(message.id, message)
  call.afterReply(() => messageCreated(core, message, "all"))
  return messageOut(message, of.app, true)
}
const at = "/webhooks/{application}/{token}"
export const webhook: Routes = {
  [`POST ${at}`]: open(followUp),
  [`GET ${at}/messages/@original`]: open((call) => {
    const of = interactionOf(call)
    return messageOut(original(of), of.app, true)
  }),
  [`PATCH ${at}/messages/@original`]: open((call) => {
    const of = interactionOf(call)
    return edit(call, of, original(of))
  }),
  [`DELETE ${at}/messages/@original`]: open((call) => remove(call, original(interactionOf(call)))),
  [`GET ${at}/messages/{message}`]: open((call) => {
    const of = interactionOf(call)
    return messageOut(followUpOf(call, of), of.app, true)
  }),
  [`PATCH ${at}/messages/{message}`]: open((call) => {
    const of = interactionOf(call)
    return edit(call, of, followUpOf(call, of))
  }),
  [`DELETE ${at}/messages/{message}`]: open((call) => remove(call, followUpOf(call, interactionOf(call)))),
}
