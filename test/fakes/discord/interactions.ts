// Interactions: sent through the gateway, to be acknowledged once within the deadline; their token lives for fifteen minutes.
import { randomBytes } from "node:crypto"
import type { Core } from "./core.ts"
import type { Modal } from "./modals.ts"
import { inGuild, permissionsIn } from "./permissions.ts"
import { snowflake } from "./snowflake.ts"
import type { App, Channel, Fields, Message, User } from "./state.ts"
import { channelFor, memberWithUser, messageOut, userOut } from "./wire.ts"

/** An application command, a component, a submitted modal. */
export type InteractionType = 2 | 3 | 5
export interface Interaction {
  readonly id: string
  readonly token: string
  readonly type: InteractionType
  readonly app: App
  readonly user: User
  readonly channel: Channel
  /** The message that the component is on. */
  readonly source: Message | null
  readonly data: Fields
  readonly sentAt: number
  state: "open" | "acknowledged" | "timed out"
  /** What `@original` is. */
  original: Message | null
  /** Deferred: the person sees "thinking" until the answer is edited in. */
  readonly followUps: Map<string, Message>
  readonly answered: PromiseWithResolvers<Answered>
}
/** What the person gets: an acknowledgement, of the callback type given, or "This interaction failed". */
export type Answered =
  | { readonly outcome: "acknowledged"; readonly type: number; readonly message: Message | null; readonly modal: Modal | null }
  | { readonly outcome: "failed" }

export const tokenLifeMs = 15 * 60_000

export class Interactions {
  readonly #core: Core
  readonly #byToken = new Map<string, Interaction>()
  readonly #open = new Set<Interaction>()

  constructor(core: Core) {
    this.#core = core
  }
  send(of: Pick<Interaction, "type" | "app" | "user" | "channel" | "source" | "data">): Promise<Answered> {
    const core = this.#core
    const interaction: Interaction = {
      ...of,
      id: snowflake(core.time.now()),
      token: randomBytes(48).toString("base64url"),
      sentAt: core.time.elapsed(),
      state: "open",
      original: null,
      followUps: new Map(),
      answered: Promise.withResolvers(),
    }
    // Nobody there to hear of it, now or after a RESUME.
    if (!core.gateway.listens(of.app)) return Promise.resolve({ outcome: "failed" })
    this.#byToken.set(interaction.token, interaction)
    this.#open.add(interaction)
    const drop = core.time.after(core.settings.interactionDeadlineMs, () => {
      interaction.state = "timed out"
      this.#settle(interaction, { outcome: "failed" })
    })
    void interaction.answered.promise.then(drop)
    core.gateway.dispatch(of.app, {
      name: "INTERACTION_CREATE",
      guild: of.channel.guild,
      intents: 0,
      body: () => this.#body(interaction),
    })
    return interaction.answered.promise
  }
  acknowledge(interaction: Interaction, how: Extract<Answered, { outcome: "acknowledged" }>): void {
    interaction.state = "acknowledged"
    this.#settle(interaction, how)
  }
  byToken(token: string): Interaction | undefined {
    return this.#byToken.get(token)
  }
  alive(interaction: Interaction): boolean {
    return this.#core.time.elapsed() - interaction.sentAt < tokenLifeMs
  }
  /** Until none waits for its first answer. */
  async quiet(): Promise<void> {
    await Promise.all([...this.#open].map((i) => i.answered.promise))
  }
  get waiting(): number {
    return this.#open.size
  }
  close(): void {
    for (const interaction of this.#open) this.#settle(interaction, { outcome: "failed" })
  }
  #settle(interaction: Interaction, how: Answered): void {
    this.#open.delete(interaction)
    interaction.answered.resolve(how)
  }
  #body(of: Interaction): Fields {
    const { app, user, channel, source } = of
    const { guild } = channel
    const member = guild?.members.get(user.id)
    const held = guild === null ? 0n : permissionsIn(channel, user) || inGuild(guild, user)
    const who =
      guild === null || member === undefined ? { user: userOut(user) } : { member: { ...memberWithUser(member), permissions: String(held) } }
    return {
      id: of.id,
      application_id: app.id,
      type: of.type,
      token: of.token,
      version: 1,
      data: of.data,
      channel: channelFor(channel, user),
      channel_id: channel.id,
      ...(guild === null
        ? {}
        : { guild_id: guild.id, guild: { id: guild.id, locale: "en-US", features: [...guild.features] }, guild_locale: "en-US" }),
      ...who,
      app_permissions: String(permissionsIn(channel, app.user)),
      locale: "en-US",
      entitlements: [],
      authorizing_integration_owners: { 0: guild === null ? "0" : guild.id },
      context: guild === null ? 1 : 0,
      attachment_size_limit: 10_485_760,
      ...(source === null ? {} : { message: messageOut(source, app, true) }),
    }
  }
}
