// The keys of countersign.yml. Messages have no subject: whoever prints them puts the key first.
import ms from "ms"
import { z } from "zod"
import { defaultPolicy, type Policy } from "../core/policy.ts"

const day = 86_400_000
function duration(bounds: { readonly from: number; readonly to: number }) {
  return z.unknown().transform((raw, ctx) => {
    const words = typeof raw === "string" ? raw.trim() : ""
    const value = /^\d+(\.\d+)? ?(s|m|h|d)$/.test(words) ? ms(words as ms.StringValue) : Number.NaN
    if (Number.isNaN(value)) ctx.addIssue(`is ${JSON.stringify(String(raw))}. Give a unit: "30m" or "2h".`)
    else if (value < bounds.from || value > bounds.to) ctx.addIssue(`is "${words}". Give a time from ${ms(bounds.from)} to ${ms(bounds.to)}.`)
    return value
  })
}
// A name of somebody's choice would let nobody in, and nobody would hear of it.
const person = z.string({ error: "must be a text in quotes." }).refine((s) => /@|^[a-z]+:|^[\w-]{16}$/.test(s), {
  error: (i) => `is ${JSON.stringify(i.input)}. Give an e-mail address, or an account such as "forum:…".`,
})
const people = z.array(person, { error: 'must be a list: ["rin@example.org"].' })
const workspaces = z.custom<readonly string[] | "any">(
  (v) => v === "any" || (Array.isArray(v) && v.length > 0 && v.every((id) => typeof id === "string" && /^[TE][A-Z0-9]{2,}$/.test(id))),
  'must be a list of ids of workspaces or organisations, ["T0123"], or the word any.',
)
const holdsKeys = { error: "must hold keys of its own, indented below it." }

export const sections = {
  approvals: z.strictObject(
    {
      needs: z
        .number({ error: "must be a number of people." })
        .int("must be a whole number.")
        .min(1, "must be at least 1: nothing is posted without an approval.")
        .max(1, "must be 1: a draft is shown to its requester alone, so a second person would have nothing to approve on.")
        .optional(),
      ttl: duration({ from: 1_000, to: 7 * day }).optional(),
    },
    holdsKeys,
  ),
  drafts: z.strictObject(
    { ttl: duration({ from: 1_000, to: 90 * day }).optional(), remindBefore: duration({ from: 1_000, to: 90 * day }).optional() },
    holdsKeys,
  ),
  drafting: z.strictObject({ ttl: duration({ from: 1_000, to: 3_600_000 }).optional() }, holdsKeys),
  guests: z.strictObject({ mayAsk: z.boolean({ error: "must be true or false." }).optional() }, holdsKeys),
  forum: z.strictObject(
    {
      name: z.string({ error: "must be a text." }).min(1, "is empty.").max(60, "is longer than 60 characters.").optional(),
      moderators: people.optional(),
    },
    holdsKeys,
  ),
  slack: z.strictObject({ moderators: people.optional(), workspaces: workspaces.optional() }, holdsKeys),
  discord: z.strictObject({ moderators: people.optional() }, holdsKeys),
}
export const schema = z.strictObject(
  {
    approvals: sections.approvals.optional(),
    drafts: sections.drafts.optional(),
    drafting: sections.drafting.optional(),
    guests: sections.guests.optional(),
    forum: sections.forum.optional(),
    slack: sections.slack.optional(),
    discord: sections.discord.optional(),
    admins: people.optional(),
  },
  { error: "must hold keys, one a line: see the README." },
)

export interface PolicyFile {
  readonly policy: Policy
  readonly admins: readonly string[]
  readonly forum: { readonly name: string | null; readonly moderators: readonly string[] }
  readonly slackModerators: readonly string[]
  readonly discordModerators: readonly string[]
  /** Who may install the Slack app here; null: the file does not say. */
  readonly slackWorkspaces: readonly string[] | "any" | null
}
export function policyOf(file: z.infer<typeof schema>): PolicyFile {
  const draftTtlMs = file.drafts?.ttl ?? defaultPolicy.draftTtlMs
  return {
    policy: {
      needs: file.approvals?.needs ?? defaultPolicy.needs,
      approvalTtlMs: file.approvals?.ttl ?? defaultPolicy.approvalTtlMs,
      draftTtlMs,
      // Somebody who shortens the life of drafts still wants a reminder that leaves time to act.
      remindBeforeMs: file.drafts?.remindBefore ?? Math.min(defaultPolicy.remindBeforeMs, draftTtlMs / 4),
      draftingTtlMs: file.drafting?.ttl ?? defaultPolicy.draftingTtlMs,
      guestsMayAsk: file.guests?.mayAsk ?? defaultPolicy.guestsMayAsk,
      maxEditChars: defaultPolicy.maxEditChars,
      threadLimit: defaultPolicy.threadLimit,
    },
    admins: file.admins ?? [],
    forum: { name: file.forum?.name ?? null, moderators: file.forum?.moderators ?? [] },
    slackModerators: file.slack?.moderators ?? [],
    discordModerators: file.discord?.moderators ?? [],
    slackWorkspaces: file.slack?.workspaces ?? null,
  }
}
/** Known keys by section; `""` is the top. */
export const knownKeys: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(schema.shape),
  ...Object.fromEntries(Object.entries(sections).map(([name, s]) => [name, Object.keys(s.shape)])),
}
