// Objects as they go over the wire: messages, users, conversations.
import type { Channel, Fields, Install, Message, User } from "./state.ts"
import type { World } from "./world.ts"

export function messageOut(world: World, m: Message, metadata: "all" | "type-only"): Fields {
  const channel = world.channel(m.channel)
  const replies = m.threadTs === null || m.threadTs === m.ts ? (channel.threads.get(m.ts) ?? []) : []
  const last = replies.at(-1)
  const parent = m.threadTs === null || m.threadTs === m.ts ? undefined : world.message(m.channel, m.threadTs)
  return {
    ...bare(m),
    ...(m.metadata === null ? {} : { metadata: metadata === "all" ? m.metadata : { event_type: m.metadata["event_type"] } }),
    ...(parent === undefined ? {} : { parent_user_id: parent.user }),
    ...(last === undefined
      ? {}
      : {
          thread_ts: m.ts,
          reply_count: replies.length,
          reply_users_count: new Set(replies.map((r) => r.user)).size,
          reply_users: [...new Set(replies.map((r) => r.user))],
          latest_reply: last.ts,
          is_locked: false,
          subscribed: false,
        }),
  }
}
/** Without what others made of it: no replies, no metadata. */
export function bare(m: Message): Fields {
  return {
    type: "message",
    ...(m.subtype === null ? {} : { subtype: m.subtype }),
    user: m.user,
    ts: m.ts,
    text: m.text,
    team: m.team,
    ...(m.bot === null
      ? { client_msg_id: `00000000-0000-4000-8000-${m.ts.replace(".", "").slice(-12)}` }
      : m.subtype === "bot_add" || m.subtype === "app_conversation_join"
        ? { bot_id: m.bot.botId, bot_link: m.text.slice(m.text.indexOf("<")) }
        : {
            bot_id: m.bot.botId,
            app_id: m.bot.appId,
            bot_profile: { id: m.bot.botId, app_id: m.bot.appId, name: m.bot.name, deleted: false, team_id: m.team, updated: 0, icons: {} },
          }),
    ...(m.threadTs === null ? {} : { thread_ts: m.threadTs }),
    ...(m.blocks === null ? {} : { blocks: m.blocks }),
    ...(m.attachments === null ? {} : { attachments: m.attachments }),
    ...(m.files === null ? {} : { files: m.files, upload: true }),
    ...(m.edited === null ? {} : { edited: m.edited }),
    ...(m.stream === null ? {} : { streaming_state: m.stream.state }),
  }
}

/** As an app of `team` sees them: a foreigner who shares no channel is a stranger and little more than a name. */
export function userOut(world: World, user: User, team: string): Fields {
  const home = world.team(user.team)
  const viewer = world.team(team)
  const foreign = user.team !== team && (home.enterprise === null || home.enterprise.id !== viewer.enterprise?.id)
  const base = {
    id: user.id,
    team_id: user.team,
    name: user.name,
    deleted: user.deleted,
    is_bot: user.bot !== null,
    is_app_user: false,
    updated: 0,
    profile: {
      real_name: user.realName,
      display_name: user.name,
      real_name_normalized: user.realName,
      display_name_normalized: user.name,
      team: user.team,
      ...(user.bot === null ? {} : { bot_id: user.bot.botId, api_app_id: user.bot.appId }),
    },
  }
  if (foreign && !world.share(team, user.id)) return { ...base, is_stranger: true }
  if (user.deleted) return base
  return {
    ...base,
    real_name: user.realName,
    tz: "Europe/Berlin",
    tz_label: "Central European Time",
    tz_offset: 3_600,
    // Slack keeps ranks of foreigners to itself, but says whether they are guests at home.
    is_admin: !foreign && user.admin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.guest !== "none",
    is_ultra_restricted: user.guest === "single",
    ...(foreign ? { is_stranger: false } : {}),
    ...(home.enterprise === null
      ? {}
      : { enterprise_user: { id: user.id, enterprise_id: home.enterprise.id, enterprise_name: home.enterprise.name, teams: [user.team] } }),
  }
}

export function channelOut(world: World, channel: Channel, viewer: Install, team: string, more: { numMembers: boolean }): Fields {
  const count = more.numMembers ? { num_members: channel.members.size } : {}
  if (channel.kind === "im") {
    const other = [...channel.members].find((m) => m !== viewer.botUserId) ?? viewer.botUserId
    return {
      id: channel.id,
      created: channel.created,
      is_im: true,
      is_org_shared: false,
      is_archived: channel.archived,
      user: other,
      is_open: true,
      ...count,
    }
  }
  const mine = world.team(team)
  const others = world.teamsOf(channel).filter((t) => t !== team)
  const sameOrg = (t: string) => mine.enterprise !== null && world.team(t).enterprise?.id === mine.enterprise.id
  const ext = others.filter((t) => !sameOrg(t))
  const isPrivate = world.isPrivate(channel, team)
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: channel.kind !== "mpim",
    is_group: isPrivate && channel.kind !== "mpim",
    is_im: false,
    is_mpim: channel.kind === "mpim",
    is_private: isPrivate,
    created: channel.created,
    is_archived: channel.archived,
    is_general: channel.name === "general",
    is_read_only: channel.posting === "admins",
    is_thread_only: channel.posting === "threads",
    is_shared: others.length > 0,
    is_org_shared: others.some(sameOrg),
    is_ext_shared: ext.length > 0,
    is_pending_ext_shared: channel.pendingWith.size > 0,
    pending_shared: [...channel.pendingWith],
    pending_connected_team_ids: [...channel.pendingWith],
    context_team_id: team,
    conversation_host_id: channel.team,
    shared_team_ids: world.teamsOf(channel),
    internal_team_ids: others.filter(sameOrg),
    ...(ext.length > 0 ? { connected_team_ids: ext } : {}),
    is_member: channel.members.has(viewer.botUserId),
    topic: { value: "", creator: "", last_set: 0 },
    purpose: { value: "", creator: "", last_set: 0 },
    previous_names: [],
    ...count,
  }
}
