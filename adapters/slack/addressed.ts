// Slack tells an app of a message once, also where several of its installations can see it: in a channel that their organisations
// share, or that workspaces of one organisation share. Whose installation it names is not said. Here it is found out whom it
// concerns: whose bot was addressed, or who wrote what stands under our name.
import { z } from "zod"
import { readSlack } from "../../src/label/read/slack.ts"
import type { Clients, Team } from "./clients.ts"
import { workspaceOf } from "./ids.ts"
import type { Installs } from "./installs.ts"
import { isLabelled, type SlackMessage } from "./own.ts"
import type { Whence } from "./whence.ts"

const said = z.looseObject({ bot_id: z.string().optional() })
const envelope = z.looseObject({
  event: z.looseObject({
    type: z.string(),
    text: z.string().optional(),
    bot_id: z.string().optional(),
    message: said.optional(),
    previous_message: said.optional(),
  }),
})

/** Where it belongs, which is where Slack says unless another of our installations is meant. */
export async function addressed(installs: Pick<Installs, "find" | "ofBot">, from: Whence, body: unknown): Promise<Whence> {
  const ids = botsIn(body)
  if (ids.length === 0) return from
  const served = await installs.find(workspaceOf(from.teamId))
  if (served !== null && [served.team.botUserId, served.team.botId].some((id) => ids.includes(id))) return from
  const teamId = await installs.ofBot(ids)
  return teamId === null ? from : { teamId, organisation: null }
}
/** Bots that a mention names, or that wrote what an event tells of. */
function botsIn(body: unknown): readonly string[] {
  const read = envelope.safeParse(body)
  if (!read.success) return []
  const { type, text, bot_id, message, previous_message } = read.data.event
  if (type === "app_mention") return [...(text ?? "").matchAll(/<@([A-Z0-9]+)/g)].flatMap((m) => m[1] ?? [])
  return type === "message" ? [bot_id, message?.bot_id, previous_message?.bot_id].filter((id) => id !== undefined) : []
}

/** The workspace that a message under our name was posted from: its own word, among those which the same bot serves. */
export async function postedFrom(clients: Pick<Clients, "team">, team: Team, m: SlackMessage): Promise<Team> {
  const said = isLabelled(m) ? readSlack(m).says.ws : null
  if (said === null || said === team.workspace) return team
  const other = await clients.team(workspaceOf(said.replace(/^slack:/, "")))
  return other?.botId === team.botId ? other : team
}
