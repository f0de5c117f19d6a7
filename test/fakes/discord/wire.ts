// How the API spells people, servers, channels and messages. What a reader may not read is blanked here.
import { permission, permissionsIn } from "./permissions.ts"
import { type App, type Channel, channelTypes, type Fields, flag, type Guild, type Member, type Message, type Role, type User } from "./state.ts"

export const iso = (ms: number): string => new Date(ms).toISOString().replace("Z", "000+00:00")

const portalFlags = { presences: 1 << 13, members: 1 << 15, content: 1 << 19 } as const
/** Which privileged intents the portal has switched on, as small apps have them. */
export const applicationFlags = (app: App): number => [...app.privileged].reduce((sum, name) => sum | portalFlags[name], 0)

export const userOut = (user: User): Fields => ({
  id: user.id,
  username: user.name,
  global_name: user.bot ? null : user.name,
  discriminator: "0",
  avatar: null,
  public_flags: 0,
  ...(user.bot ? { bot: true } : {}),
})
export const memberOut = (member: Member): Fields => ({
  roles: [...member.roles],
  joined_at: iso(member.joinedAt),
  nick: null,
  avatar: null,
  premium_since: null,
  deaf: false,
  mute: false,
  pending: member.pending === true,
  flags: 0,
  communication_disabled_until: member.timedOutUntil === undefined ? null : iso(member.timedOutUntil),
})
export const memberWithUser = (member: Member): Fields => ({ ...memberOut(member), user: userOut(member.user) })
export const roleOut = (role: Role, guild: Guild): Fields => ({
  id: role.id,
  name: role.name,
  permissions: String(role.permissions),
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  position: [...guild.roles.keys()].indexOf(role.id),
  managed: role.botId !== null,
  mentionable: role.mentionable,
  flags: 0,
  ...(role.botId === null ? {} : { tags: { bot_id: role.botId } }),
})
export const guildOut = (guild: Guild): Fields => ({
  id: guild.id,
  name: guild.name,
  icon: null,
  splash: null,
  discovery_splash: null,
  owner_id: guild.owner,
  afk_channel_id: null,
  afk_timeout: 300,
  verification_level: 1,
  default_message_notifications: 1,
  explicit_content_filter: 0,
  roles: [...guild.roles.values()].map((r) => roleOut(r, guild)),
  emojis: [],
  stickers: [],
  features: [...guild.features],
  mfa_level: 0,
  application_id: null,
  system_channel_id: null,
  system_channel_flags: 0,
  rules_channel_id: null,
  vanity_url_code: null,
  description: null,
  banner: null,
  premium_tier: 0,
  premium_subscription_count: 0,
  preferred_locale: "en-US",
  public_updates_channel_id: null,
  nsfw_level: 0,
  premium_progress_bar_enabled: false,
  safety_alerts_channel_id: null,
})
export function channelOut(channel: Channel): Fields {
  const { guild, thread } = channel
  const last = channel.messages.at(-1)?.id ?? null
  const base = { id: channel.id, type: channelTypes[channel.kind], last_message_id: last, flags: channel.requireTag ? 1 << 4 : 0 }
  if (guild === null) return { ...base, recipients: channel.recipients.filter((u) => !u.bot).map(userOut) }
  const named = { ...base, guild_id: guild.id, name: channel.name, parent_id: channel.parent?.id ?? null, rate_limit_per_user: 0 }
  if (thread !== null)
    return {
      ...named,
      owner_id: thread.owner,
      message_count: channel.messages.length,
      total_message_sent: channel.messages.length,
      member_count: thread.members.size,
      thread_metadata: {
        archived: thread.archived,
        auto_archive_duration: 1_440,
        archive_timestamp: iso(thread.createdAt),
        create_timestamp: iso(thread.createdAt),
        locked: thread.locked,
        ...(channel.kind === "privateThread" ? { invitable: true } : {}),
      },
      applied_tags: thread.tags,
    }
  const forum = channel.kind === "forum" || channel.kind === "media"
  return {
    ...named,
    position: 0,
    topic: null,
    nsfw: false,
    permission_overwrites: [...channel.overwrites.values()].map((o) => ({
      id: o.id,
      type: o.kind === "role" ? 0 : 1,
      allow: String(o.allow),
      deny: String(o.deny),
    })),
    ...(forum
      ? {
          available_tags: channel.tags.map((t) => ({ id: t.id, name: t.name, moderated: t.moderated, emoji_id: null, emoji_name: null })),
          default_reaction_emoji: null,
          default_sort_order: null,
          default_forum_layout: 0,
        }
      : {}),
  }
}
/**
 * A channel that a bot may not view, as the gateway has told of it since November 2026: that it is there, and nothing else. Over HTTP
 * it is left out of the server's list.
 */
export const hiddenOut = (channel: Channel, guild: Guild): Fields => ({
  ...channelOut(channel),
  name: "___hidden___",
  flags: 1 << 17,
  last_message_id: null,
  available_tags: [],
  permission_overwrites: [{ id: guild.id, type: 0, allow: "0", deny: String(permission.VIEW_CHANNEL) }],
})
/** For `channel` in an interaction: what the person may do there. */
export const channelFor = (channel: Channel, user: User): Fields => ({ ...channelOut(channel), permissions: String(permissionsIn(channel, user)) })

/** Without the privileged intent an app reads its own messages, its direct ones, and those that mention it; nothing else. */
export const reads = (app: App, message: Message, content: boolean): boolean =>
  content || message.author === app.user || message.channel.guild === null || message.ephemeralTo !== null || message.mentions.includes(app.user.id)

/** `content`: may the reader read what it is not addressed in? */
export function messageOut(message: Message, app: App, content: boolean, more: { nonce?: boolean } = {}): Fields {
  const seen = reads(app, message, content)
  const suppressed = (message.flags & flag.suppressEmbeds) !== 0
  const { replyTo } = message
  return {
    id: message.id,
    channel_id: message.channel.id,
    type: message.type,
    author:
      message.webhook === null
        ? userOut(message.author)
        : { id: message.webhook.id, username: message.webhook.name, bot: true, discriminator: "0000", avatar: null },
    content: seen ? message.content : "",
    embeds: seen && !suppressed ? message.embeds : [],
    attachments: seen ? message.attachments : [],
    components: seen ? message.components : [],
    mentions: mentioned(message).map(userOut),
    mention_roles: message.mentionRoles,
    mention_everyone: message.mentionEveryone,
    timestamp: iso(message.sentAt),
    edited_timestamp: message.editedAt === null ? null : iso(message.editedAt),
    tts: false,
    pinned: false,
    flags: message.flags,
    ...(message.webhook === null ? {} : { webhook_id: message.webhook.id }),
    ...(message.app === null || message.author !== message.app.user ? {} : { application_id: message.app.id }),
    ...(message.interaction === null ? {} : { interaction_metadata: message.interaction, webhook_id: message.app?.id }),
    ...(message.reference === null ? {} : { message_reference: message.reference }),
    ...(message.reference === null || message.type !== 19
      ? {}
      : { referenced_message: replyTo === null || replyTo.deleted ? null : messageOut({ ...replyTo, reference: null }, app, content) }),
    ...(message.reactions.size === 0 ? {} : { reactions: [...message.reactions].map(([name, by]) => reactionOut(name, by, app)) }),
    ...(more.nonce === true && message.nonce !== null ? { nonce: message.nonce } : {}),
  }
}
function mentioned(message: Message): readonly User[] {
  const { guild, recipients } = message.channel
  const near = (id: string) => guild?.members.get(id)?.user ?? recipients.find((u) => u.id === id)
  return message.mentions.flatMap((id) => near(id) ?? [])
}
const reactionOut = (name: string, by: ReadonlySet<string>, app: App): Fields => ({
  emoji: { id: null, name },
  count: by.size,
  count_details: { normal: by.size, burst: 0 },
  me: by.has(app.user.id),
  me_burst: false,
  burst_colors: [],
})
