// What happened, told to the apps that may know: subscribed, with the scope, and with their bot in the conversation.
import type { Core } from "./core.ts"
import type { App, Channel, Fields, Install, Message } from "./state.ts"
import { newId } from "./state.ts"
import { bare } from "./wire.ts"

const scopeOf: Readonly<Record<string, readonly string[]>> = {
  app_mention: ["app_mentions:read"],
  "message.channels": ["channels:history"],
  "message.groups": ["groups:history"],
  "message.im": ["im:history"],
  "message.mpim": ["mpim:history"],
  message_metadata_posted: ["metadata.message:read"],
  message_metadata_updated: ["metadata.message:read"],
  message_metadata_deleted: ["metadata.message:read"],
  member_joined_channel: ["channels:read", "groups:read"],
  member_left_channel: ["channels:read", "groups:read"],
  channel_archive: ["channels:read"],
  channel_rename: ["channels:read"],
  channel_shared: ["channels:read", "groups:read"],
  channel_unshared: ["channels:read", "groups:read"],
  agent_session_stopped: ["assistant:write"],
}
/** Subscriptions that a fresh app has here: what a manifest may name. */
export const knownEvents: readonly string[] = [...Object.keys(scopeOf), "app_home_opened", "app_uninstalled", "tokens_revoked", "channel_id_changed"]

export function tell(
  core: Core,
  install: Install,
  subscription: string,
  event: Fields,
  about: { team: string; channel: Channel | null },
): Promise<unknown> {
  const { app } = install
  if (!app.events.has(subscription)) return Promise.resolve()
  const needed = scopeOf[subscription]
  if (needed !== undefined && !needed.some((s) => install.scopes.has(s))) return Promise.resolve()
  return core.send(app, envelope(core, install, event, about))
}

function envelope(core: Core, install: Install, event: Fields, about: { team: string; channel: Channel | null }): Fields {
  const world = core.world
  const served =
    about.channel === null
      ? about.team
      : (world
          .teamsOf(about.channel)
          .filter((t) => world.serves(install, t))
          .at(core.settings.names === "first" ? 0 : -1) ?? about.team)
  const gone = event["type"] === "app_uninstalled" || event["type"] === "tokens_revoked"
  return {
    token: install.app.verificationToken,
    // In a shared channel this is the team of whoever did it, which need not be the team that installed the app.
    team_id: about.team,
    ...(world.team(about.team).enterprise === null ? {} : { enterprise_id: world.team(about.team).enterprise?.id }),
    context_team_id: served,
    context_enterprise_id: world.team(served).enterprise?.id ?? null,
    api_app_id: install.app.id,
    event,
    type: "event_callback",
    event_id: newId("Ev"),
    event_time: Math.floor(core.time.now() / 1_000),
    authorizations: gone
      ? []
      : [
          {
            enterprise_id: install.enterprise?.id ?? install.team?.enterprise?.id ?? null,
            team_id: install.team?.id ?? null,
            user_id: install.botUserId,
            is_bot: true,
            is_enterprise_install: install.team === null,
          },
        ],
    is_ext_shared_channel: about.channel !== null && about.channel.sharedWith.size > 0,
    event_context: `4-${newId("")}`,
  }
}

function here(core: Core, channel: Channel): readonly Install[] {
  const serves = (install: Install) => core.world.teamsOf(channel).some((t) => core.world.serves(install, t))
  return core.world.installs.filter((i) => i.active && channel.members.has(i.botUserId) && serves(i))
}
/** One install of each app whose bot is in the conversation: an app hears of a thing once, by whichever of its installs. */
function listeners(core: Core, channel: Channel): readonly Install[] {
  const found = new Map<App, Install>()
  for (const install of here(core, channel)) if (!found.has(install.app)) found.set(install.app, install)
  return [...found.values()]
}
const subscriptionOf = (core: Core, channel: Channel, install: Install): { name: string; type: string } => {
  if (channel.kind === "im" || channel.kind === "mpim") return { name: `message.${channel.kind}`, type: channel.kind }
  const team = core.world.teamsOf(channel).find((t) => core.world.serves(install, t)) ?? channel.team
  return core.world.isPrivate(channel, team) ? { name: "message.groups", type: "group" } : { name: "message.channels", type: "channel" }
}
const withMetadata = (m: Message): Fields => ({ ...bare(m), ...(m.metadata === null ? {} : { metadata: m.metadata }) })

/** `whose`: only the app's own hearing of it, only everyone else's, or both. Mention and message are two events of one message. */
export function posted(core: Core, m: Message, whose: "own" | "others" | "all"): Promise<unknown> {
  const channel = core.world.channel(m.channel)
  const told: Promise<unknown>[] = []
  for (const install of listeners(core, channel)) {
    const own = m.bot?.appId === install.app.id
    if ((whose === "own" && !own) || (whose === "others" && own)) continue
    const about = { team: m.team, channel }
    const parent = m.threadTs === null || m.threadTs === m.ts ? undefined : core.world.message(m.channel, m.threadTs)
    const { name, type } = subscriptionOf(core, channel, install)
    const addressed = here(core, channel).some((i) => i.app === install.app && m.text.includes(`<@${i.botUserId}>`))
    if (!own && channel.kind !== "im" && addressed) {
      const { metadata: _, ...rest } = withMetadata(m)
      told.push(tell(core, install, "app_mention", { ...rest, type: "app_mention", channel: m.channel, event_ts: m.ts, ...profile(core, m) }, about))
    }
    const event = { ...withMetadata(m), channel: m.channel, event_ts: m.ts, channel_type: type }
    told.push(tell(core, install, name, parent === undefined ? event : { ...event, parent_user_id: parent.user }, about))
    if (m.metadata !== null) void metadata(core, install, m, "message_metadata_posted", about)
  }
  return Promise.allSettled(told)
}
function metadata(core: Core, install: Install, m: Message, type: string, about: { team: string; channel: Channel }): Promise<unknown> {
  const event = { type, app_id: m.bot?.appId, bot_id: m.bot?.botId, user_id: m.user, team_id: m.team, channel_id: m.channel, message_ts: m.ts }
  return tell(core, install, type, { ...event, metadata: m.metadata, event_ts: core.time.ts() }, about)
}
function profile(core: Core, m: Message): Fields {
  const user = core.world.user(m.user)
  return {
    user_profile: {
      name: user.name,
      first_name: user.realName.split(" ")[0] ?? "",
      real_name: user.realName,
      display_name: user.name,
      team: user.team,
      is_restricted: user.guest !== "none",
      is_ultra_restricted: user.guest === "single",
    },
  }
}
export function changed(core: Core, m: Message, before: Fields): void {
  hidden(core, m, (ts) => ({ subtype: "message_changed", ts, message: withMetadata(m), previous_message: before }))
  const had = before["metadata"] ?? null
  if (JSON.stringify(had) === JSON.stringify(m.metadata)) return
  const type = m.metadata === null ? "deleted" : had === null ? "posted" : "updated"
  eachListener(core, m, (install, about) => metadata(core, install, m, `message_metadata_${type}`, about))
}
export function deleted(core: Core, m: Message, before: Fields): void {
  hidden(core, m, (ts) => ({ subtype: "message_deleted", ts, deleted_ts: m.ts, previous_message: before }))
  if (before["metadata"] !== undefined) eachListener(core, m, (install, about) => metadata(core, install, m, "message_metadata_deleted", about))
}
function eachListener(core: Core, m: Message, run: (install: Install, about: { team: string; channel: Channel }) => void): void {
  const channel = core.world.channel(m.channel)
  for (const install of listeners(core, channel)) run(install, { team: m.team, channel })
}
function hidden(core: Core, m: Message, make: (ts: string) => Fields): void {
  const channel = core.world.channel(m.channel)
  const ts = core.time.ts()
  for (const install of listeners(core, channel)) {
    const { name, type } = subscriptionOf(core, channel, install)
    void tell(
      core,
      install,
      name,
      { type: "message", hidden: true, channel: m.channel, channel_type: type, event_ts: ts, ...make(ts) },
      { team: m.team, channel },
    )
  }
}
/** The message before a change, as `previous_message` has it. */
export const snapshot = (m: Message): Fields => structuredClone(withMetadata(m))
export function inChannel(core: Core, channel: Channel, subscription: string, event: Fields, team = channel.team): void {
  for (const install of listeners(core, channel))
    void tell(core, install, subscription, { type: subscription, ...event, event_ts: core.time.ts() }, { team, channel })
}
