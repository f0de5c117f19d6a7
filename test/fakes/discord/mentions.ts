// Whom a text calls. Without `allowed_mentions` a regular message calls everyone it names; an answer to an interaction or a webhook's
// message calls people only. Nothing inside code calls anyone.
import { may } from "./permissions.ts"
import { Form } from "./refusal.ts"
import { isSnowflake } from "./snowflake.ts"
import { type Channel, type Fields, isFields, type Pings, type User } from "./state.ts"

export interface Allowed {
  readonly parse: ReadonlySet<string>
  readonly users: ReadonlySet<string>
  readonly roles: ReadonlySet<string>
  readonly repliedUser: "called" | "left alone"
}
const everything: Allowed = { parse: new Set(["users", "roles", "everyone"]), users: new Set(), roles: new Set(), repliedUser: "called" }
const peopleOnly: Allowed = { ...everything, parse: new Set(["users"]) }

export function allowedFrom(given: unknown, unsaid: "everything" | "people"): Allowed {
  if (given === undefined || given === null) return unsaid === "everything" ? everything : peopleOnly
  const form = new Form()
  if (!isFields(given)) {
    form.add(["allowed_mentions"], "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
    form.done()
    return everything
  }
  const parse = list(form, given, "parse", (v) => ["users", "roles", "everyone"].includes(String(v)), 3)
  const users = list(form, given, "users", isSnowflake, 100)
  const roles = list(form, given, "roles", isSnowflake, 100)
  for (const [name, ids] of [
    ["users", users],
    ["roles", roles],
  ] as const)
    if (parse.has(name) && ids.size > 0)
      form.add(["allowed_mentions"], "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", `parse:["${name}"] and ${name}: [ids...] are mutually exclusive.`)
  form.done()
  return { parse, users, roles, repliedUser: given["replied_user"] === true ? "called" : "left alone" }
}
function list(form: Form, given: Fields, name: string, good: (v: unknown) => boolean, most: number): ReadonlySet<string> {
  const values = given[name] ?? []
  if (!Array.isArray(values) || !values.every(good)) form.add(["allowed_mentions", name], "BASE_TYPE_CHOICES", "Value is not one of those allowed.")
  else if (values.length > most) form.add(["allowed_mentions", name], "BASE_TYPE_BAD_LENGTH", `Must be ${most} or fewer in length.`)
  else return new Set(values.map(String))
  return new Set()
}
const code = /```[\s\S]*?```|`[^`\n]*`/g

export function pingsOf(text: string, author: User, channel: Channel, allowed: Allowed): Pings {
  const said = text.replaceAll(code, " ")
  const ids = (pattern: RegExp) => [...new Set([...said.matchAll(pattern)].map((m) => m[1] ?? ""))]
  const { guild } = channel
  const here = (id: string) => (guild === null ? channel.recipients.some((u) => u.id === id) : guild.members.has(id))
  const all = may(channel, author, "MENTION_EVERYONE")
  return {
    users: ids(/<@!?(\d+)>/g).filter((id) => here(id) && (allowed.parse.has("users") || allowed.users.has(id))),
    roles: ids(/<@&(\d+)>/g).filter((id) => {
      const role = guild?.roles.get(id)
      return role !== undefined && id !== guild?.id && (role.mentionable || all) && (allowed.parse.has("roles") || allowed.roles.has(id))
    }),
    everyone: guild !== null && all && allowed.parse.has("everyone") && /@(everyone|here)\b/.test(said),
  }
}
/** Every text of a message in which a mention would live: the content, and the texts of new-style components. */
export function textsOf(content: string, components: readonly Fields[]): string {
  const inside = (list: unknown): string[] =>
    (Array.isArray(list) ? list.filter(isFields) : []).flatMap((c) => [
      ...(c["type"] === 10 && typeof c["content"] === "string" ? [c["content"]] : []),
      ...inside(c["components"]),
    ])
  return [content, ...inside(components)].join("\n")
}
