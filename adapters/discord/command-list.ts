// The commands that people find in Discord, as the API spells them. Registered when the server starts, and only when they differ from
// what is registered: Discord counts registrations.
import { ApplicationCommandOptionType, ApplicationCommandType, type REST, Routes } from "discord.js"
import { z } from "zod"
import type { Outbound } from "./context.ts"

export const menu = {
  draft: "Draft an answer",
  report: "Report this answer",
  actedOn: "I acted on this",
  retract: "Retract this answer",
} as const

// In servers only, and only where the app was added to the server: it cannot see what it posts anywhere else.
const where = { contexts: [0], integration_types: [0] }
const sub = (name: string, description: string, options: readonly unknown[] = []) => ({
  type: ApplicationCommandOptionType.Subcommand,
  name,
  description,
  options,
})
const text = (name: string, description: string, most: number) => ({
  type: ApplicationCommandOptionType.String,
  name,
  description,
  required: false,
  max_length: most,
})
const scope = {
  type: ApplicationCommandOptionType.String,
  name: "what",
  description: "This channel, or everything in this server",
  required: false,
  choices: [
    { name: "this channel", value: "channel" },
    { name: "everything in this server", value: "everything" },
  ],
}
export const commandList: readonly Definition[] = [
  {
    ...where,
    type: ApplicationCommandType.ChatInput,
    name: "countersign",
    description: "Drafts that only you see, until you approve them",
    options: [
      sub("draft", "Draft an answer to the newest message here, or to another", [text("message", "The link of a message", 200)]),
      sub("queue", "What waits for you"),
      sub("stop", "Stop posting, now", [scope, text("why", "Why: everyone sees it", 500)]),
      sub("resume", "Let posting go on (admins)", [scope]),
      sub("status", "What is stopped here"),
      sub("help", "How this works"),
    ],
  },
  ...Object.values(menu).map((name) => ({ ...where, type: ApplicationCommandType.Message, name })),
]
interface Definition {
  readonly type: ApplicationCommandType
  readonly name: string
  readonly description?: string
  readonly contexts: readonly number[]
  readonly integration_types: readonly number[]
  readonly options?: readonly unknown[]
}

export async function register(rest: REST, applicationId: string, out: Pick<Outbound, "setCommands">): Promise<"same" | "set"> {
  const there = z.array(z.looseObject({ name: z.string() })).parse(await rest.get(Routes.applicationCommands(applicationId)))
  const by = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)
  if (comparable([...there].sort(by)) === comparable([...commandList].sort(by))) return "same"
  await out.setCommands(commandList)
  return "set"
}
/** What we say of a command. Discord adds ids, versions and what we leave unsaid. */
function comparable(commands: readonly unknown[]): string {
  return JSON.stringify(commands.map(kept))
}
const said = ["type", "name", "description", "contexts", "integration_types", "options", "required", "choices", "value", "max_length"]
function kept(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kept)
  if (typeof value !== "object" || value === null) return value
  const fields = value as Readonly<Record<string, unknown>>
  // Left out, empty and "no" are one.
  const meant = said.filter((name) => ![undefined, null, "", false].includes(fields[name] as never) && !isEmpty(fields[name]))
  return meant.map((name) => [name, kept(fields[name])])
}
const isEmpty = (value: unknown) => Array.isArray(value) && value.length === 0
