// The first answer to an interaction: once, within the deadline, of a kind that fits.
import { type Content, checkEdit, checkMessage, isEmpty, settable } from "../checks/message.ts"
import { checkModal } from "../checks/modal.ts"
import { messageCreated, messageUpdated } from "../events.ts"
import type { Interaction } from "../interactions.ts"
import { type Allowed, allowedFrom } from "../mentions.ts"
import type { Modal } from "../modals.ts"
import { numbered, put } from "../post.ts"
import { badForm, refuse } from "../refusal.ts"
import { type OpenCall, open, param, type Reply, type Routes } from "../rest/route.ts"
import { type Fields, flag, isFields, type Message } from "../state.ts"
import { messageOut } from "../wire.ts"
import { apply } from "./posting.ts"
import { metadataOf } from "./webhook.ts"

const answer = { message: 4, deferredMessage: 5, deferredUpdate: 6, update: 7, modal: 9 } as const
const component = 3
const modalSubmit = 5

function callback(call: OpenCall): Reply {
  const { core, body } = call
  const interaction = core.interactions.byToken(param(call, "token"))
  if (interaction === undefined || interaction.id !== param(call, "interaction")) return refuse(10062)
  if (interaction.state === "acknowledged") refuse(40060)
  if (interaction.state === "timed out") refuse(10062)
  const type = Number(body["type"])
  const data = isFields(body["data"]) ? body["data"] : {}
  const { message, modal } = act(call, interaction, type, data)
  core.interactions.acknowledge(interaction, { outcome: "acknowledged", type, message, modal })
  if (call.query.get("with_response") !== "true") return null
  const resource = message === null ? { type } : { type, message: messageOut(message, interaction.app, true) }
  const response =
    message === null
      ? {}
      : {
          response_message_id: message.id,
          response_message_loading: (message.flags & flag.loading) !== 0,
          response_message_ephemeral: (message.flags & flag.ephemeral) !== 0,
        }
  return { interaction: { id: interaction.id, type: interaction.type, ...response }, ...(type === answer.deferredUpdate ? {} : { resource }) }
}
function act(call: OpenCall, interaction: Interaction, type: number, data: Fields): { message: Message | null; modal: Modal | null } {
  const fromComponent = interaction.source !== null && (interaction.type === component || interaction.type === modalSubmit)
  switch (type) {
    case answer.message:
      return { message: reply(call, interaction, data), modal: null }
    case answer.deferredMessage:
      return { message: think(call, interaction, data), modal: null }
    case answer.deferredUpdate:
      if (!fromComponent) wrongKind()
      interaction.original = interaction.source
      return { message: null, modal: null }
    case answer.update:
      if (!fromComponent || interaction.source === null) return wrongKind()
      return { message: update(call, interaction, interaction.source, data), modal: null }
    case answer.modal: {
      if (interaction.type === modalSubmit) wrongKind()
      const { components, ...modal } = checkModal(data)
      const shown = { ...modal, components: numbered(components), of: interaction }
      interaction.user.modal = shown
      return { message: null, modal: shown }
    }
    default:
      return wrongKind()
  }
}
const wrongKind = (): never => badForm(["type"], "INTERACTION_CALLBACK_TYPE_INVALID", "This kind of answer does not fit this interaction.")

/** A command's answer shows the command above it; a component's is a plain message. */
const replyType = (of: Interaction): number => (of.type !== 2 ? 0 : of.data["type"] === 1 ? 20 : 23)

function reply(call: OpenCall, interaction: Interaction, data: Fields): Message {
  const content = checkMessage(data, settable | flag.ephemeral)
  if (isEmpty(content)) refuse(50006)
  return place(call, interaction, content, allowedFrom(data["allowed_mentions"], "people"))
}
function think(call: OpenCall, interaction: Interaction, data: Fields): Message {
  const flags = data["flags"] ?? 0
  if (flags !== 0 && flags !== flag.ephemeral) badForm(["data", "flags"], "BITFIELD_TYPE_INVALID", "Only EPHEMERAL is valid when deferring.")
  const thinking = { content: "", embeds: [], components: [], flags: Number(flags) | flag.loading }
  return place(call, interaction, thinking, allowedFrom({ parse: [] }, "people"))
}
function place(call: OpenCall, interaction: Interaction, content: Content, allowed: Allowed): Message {
  const { core } = call
  const { app, channel, user } = interaction
  const ephemeralTo = (content.flags & flag.ephemeral) === 0 ? null : user
  const reference = interaction.source === null ? null : { type: 0, channel_id: channel.id, message_id: interaction.source.id }
  const message = put(core, channel, {
    author: app.user,
    app,
    ...content,
    type: replyType(interaction),
    interaction: metadataOf(interaction),
    reference,
    ephemeralTo,
    allowed,
    via: "interaction",
  })
  interaction.original = message
  call.afterReply(() => messageCreated(core, message, "all"))
  return message
}
function update(call: OpenCall, interaction: Interaction, source: Message, data: Fields): Message {
  const content = checkEdit(data, source)
  if (isEmpty(content)) refuse(50006)
  apply(source, content, data, call.core.time.now())
  interaction.original = source
  call.afterReply(() => messageUpdated(call.core, source, "all"))
  return source
}
export const callbacks: Routes = {
  "POST /interactions/{interaction}/{token}/callback": open(callback),
}
