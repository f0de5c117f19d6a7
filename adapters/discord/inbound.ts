// From the gateway to the inside: which event is heard by whom. Discord asks for no receipt, so nothing here is waited for; what goes
// wrong is logged, and told to whoever clicked.
import { GatewayDispatchEvents, InteractionType } from "discord.js"
import { z } from "zod"
import { onComponent } from "./buttons.ts"
import { onCommand } from "./commands.ts"
import type { Context } from "./context.ts"
import { nameOfFault } from "./faults.ts"
import { onForm } from "./forms.ts"
import { answeringOf, type Interaction, interactionShape } from "./gesture.ts"
import { onChanged, onDeleted } from "./happenings.ts"
import { hear } from "./mentions.ts"
import { messageShape } from "./messages.ts"
import { fault as faultWords } from "./words.ts"

const deletedShape = z.looseObject({
  id: z.string().optional(),
  ids: z.array(z.string()).optional(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
})
const withId = z.looseObject({ id: z.string().optional(), guild_id: z.string().optional() })

/** Resolves when what it asked for is durable, or was not to be. Never rejects. */
export async function onEvent(ctx: Context, name: string, data: unknown): Promise<void> {
  await heard(ctx, name, data).catch((fault: unknown) =>
    ctx.log.warn({ event: name, fault: nameOfFault(fault) }, "an event of Discord's was not carried out"),
  )
}
async function heard(ctx: Context, name: string, data: unknown): Promise<void> {
  switch (name) {
    case GatewayDispatchEvents.InteractionCreate:
      return onInteraction(ctx, interactionShape.parse(data))
    case GatewayDispatchEvents.MessageCreate: {
      const m = messageShape.parse(data)
      return m.author.id === ctx.wire.botUserId ? onChanged(ctx, m, data, "created") : hear(ctx, m)
    }
    case GatewayDispatchEvents.MessageUpdate: {
      const read = messageShape.safeParse(data)
      return read.success ? onChanged(ctx, read.data, data, "changed") : undefined
    }
    case GatewayDispatchEvents.MessageDelete:
    case GatewayDispatchEvents.MessageDeleteBulk: {
      const { id, ids = [], channel_id, guild_id } = deletedShape.parse(data)
      return guild_id === undefined ? undefined : onDeleted(ctx, guild_id, channel_id, id === undefined ? ids : [id])
    }
    default: {
      const { id, guild_id } = withId.parse(data)
      for (const changed of [id, guild_id]) if (changed !== undefined) ctx.rooms.changed(changed)
    }
  }
}

/** One that Discord tells of twice, or tells two processes of, is acknowledged once: the other time nothing is done. */
async function onInteraction(ctx: Context, i: Interaction): Promise<void> {
  try {
    switch (i.type) {
      case InteractionType.ApplicationCommand:
        return await onCommand(ctx, i)
      case InteractionType.MessageComponent:
        return await onComponent(ctx, i)
      case InteractionType.ModalSubmit:
        return await onForm(ctx, i)
    }
  } catch (fault) {
    ctx.log.warn({ interaction: kindOf(i), fault: nameOfFault(fault) }, "a gesture was not carried out")
    await ctx.out.say(answeringOf(ctx, i), faultWords, "more").catch(() => undefined)
  }
}
const kindOf = (i: Interaction) => InteractionType[i.type] ?? String(i.type)
