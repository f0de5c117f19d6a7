// Servers, channels, members, direct conversations: what a bot may know of where it is.
import { channelEvent, guildGone } from "../events.ts"
import { permissionsIn } from "../permissions.ts"
import { refuse } from "../refusal.ts"
import { type BotCall, bot, need, ownGuild, param, type Reply, type Routes, visibleChannel } from "../rest/route.ts"
import { isSnowflake } from "../snowflake.ts"
import { channelOut, guildOut, memberWithUser, roleOut, userOut } from "../wire.ts"
import { limitOf } from "./reading.ts"

function openDirect(call: BotCall): Reply {
  const { core, app, body } = call
  const id = body["recipient_id"]
  if (!isSnowflake(id)) return refuse(50033)
  const other = core.world.users.get(id) ?? refuse(10013)
  if (other.bot) refuse(50007)
  return channelOut(core.world.dm(app.user, other, core.time.now()))
}
function change(call: BotCall): Reply {
  const channel = visibleChannel(call)
  const { thread } = channel
  if (thread === null) {
    need(call, channel, "MANAGE_CHANNELS")
    return channelOut(channel)
  }
  const { archived, locked, name, applied_tags: tags } = call.body
  // Whoever is in a thread wakes it up, unless a moderator locked it.
  const wakes = Object.keys(call.body).every((key) => key === "archived") && archived === false && !thread.locked
  const may = wakes ? thread.members.has(call.app.user.id) : thread.owner === call.app.user.id && locked === undefined
  if (!may) need(call, channel, "MANAGE_THREADS")
  if (thread.archived && archived !== false) refuse(50083)
  if (typeof archived === "boolean") thread.archived = archived
  if (typeof locked === "boolean") thread.locked = locked
  if (typeof name === "string") channel.name = name
  if (Array.isArray(tags)) thread.tags = tags.map(String)
  call.afterReply(() => channelEvent(call.core, channel, "UPDATE"))
  return channelOut(channel)
}
export const places: Routes = {
  "GET /users/@me": bot((call) => ({ ...userOut(call.app.user), verified: true, mfa_enabled: true })),
  "GET /users/@me/guilds": bot((call) =>
    call.core.world.guildsOf(call.app.user).map((g) => ({ id: g.id, name: g.name, icon: null, owner: false, features: [...g.features] })),
  ),
  "GET /users/{user}": bot((call) => userOut(call.core.world.users.get(param(call, "user")) ?? refuse(10013))),
  "POST /users/@me/channels": bot(openDirect),
  "DELETE /users/@me/guilds/{guild}": bot((call) => {
    const guild = ownGuild(call)
    guildGone(call.core, call.app, guild, "left")
    guild.members.delete(call.app.user.id)
    return null
  }),
  "GET /guilds/{guild}": bot((call) => {
    const guild = ownGuild(call)
    const counts = { approximate_member_count: guild.members.size, approximate_presence_count: 1 }
    return { ...guildOut(guild), ...(call.query.get("with_counts") === "true" ? counts : {}) }
  }),
  // What the bot may not view is not in the list.
  "GET /guilds/{guild}/channels": bot((call) => {
    const { world } = call.core
    return world
      .channelsOf(ownGuild(call))
      .filter((c) => world.sees(c, call.app.user))
      .map(channelOut)
  }),
  "GET /guilds/{guild}/roles": bot((call) => {
    const guild = ownGuild(call)
    return [...guild.roles.values()].map((r) => roleOut(r, guild))
  }),
  "GET /guilds/{guild}/members/{user}": bot((call) => {
    const guild = ownGuild(call)
    if (!call.core.world.users.has(param(call, "user"))) refuse(10013)
    return memberWithUser(guild.members.get(param(call, "user")) ?? refuse(10007))
  }),
  // The whole list is what the privileged intent guards.
  "GET /guilds/{guild}/members": bot((call) => {
    const guild = ownGuild(call)
    if (!call.app.privileged.has("members")) refuse(50001)
    const after = call.query.get("after") ?? "0"
    const later = [...guild.members.values()].filter((m) => BigInt(m.user.id) > BigInt(after))
    return later.slice(0, limitOf(call, 1, 1_000)).map(memberWithUser)
  }),
  "GET /guilds/{guild}/threads/active": bot((call) => {
    const guild = ownGuild(call)
    const seen = call.core.world.threadsOf(guild).filter((t) => t.thread?.archived === false && permissionsIn(t, call.app.user) !== 0n)
    return { threads: seen.map(channelOut), members: [] }
  }),
  "GET /channels/{channel}": bot((call) => channelOut(visibleChannel(call))),
  "PATCH /channels/{channel}": bot(change),
}
