// Who may do what where: Discord's own computation over roles and overwrites ("Permissions" in its documentation). Pure.
import { PermissionFlagsBits } from "discord.js"
import { z } from "zod"

/** Permissions as Discord writes them: a number too large for JSON. */
export const bits = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform((s) => BigInt(s))
export const roleShape = z.looseObject({
  id: z.string(),
  name: z.string().default(""),
  permissions: bits,
  tags: z.looseObject({ bot_id: z.string().optional() }).optional(),
})
export const overwriteShape = z.looseObject({ id: z.string(), type: z.union([z.literal(0), z.literal(1)]), allow: bits, deny: bits })
export type Role = z.infer<typeof roleShape>
export type Overwrite = z.infer<typeof overwriteShape>

/** A server and the channel whose overwrites count: of a thread, its parent. */
export interface Where {
  readonly guild: { readonly id: string; readonly owner: string; readonly roles: readonly Role[] }
  readonly overwrites: readonly Overwrite[]
}
export interface Who {
  readonly userId: string
  /** Without the role of everyone. */
  readonly roles: readonly string[]
}
const all = (1n << 64n) - 1n

export function permissionsOf({ guild, overwrites }: Where, who: Who): bigint {
  if (who.userId === guild.owner) return all
  const held = guild.roles.filter((r) => r.id === guild.id || who.roles.includes(r.id)).reduce((sum, r) => sum | r.permissions, 0n)
  if ((held & PermissionFlagsBits.Administrator) !== 0n) return all
  const everyone = overwrites.find((o) => o.type === 0 && o.id === guild.id)
  const roles = overwrites.filter((o) => o.type === 0 && o.id !== guild.id && who.roles.includes(o.id))
  const own = overwrites.find((o) => o.type === 1 && o.id === who.userId)
  const together = { allow: roles.reduce((sum, o) => sum | o.allow, 0n), deny: roles.reduce((sum, o) => sum | o.deny, 0n) }
  return [everyone, together, own].reduce((sum, o) => (o === undefined ? sum : (sum & ~o.deny) | o.allow), held)
}
export type Kind = "channel" | "thread" | "voice"
/** What lets somebody write there. */
export const toWrite = (in_: Kind): bigint => (in_ === "thread" ? PermissionFlagsBits.SendMessagesInThreads : PermissionFlagsBits.SendMessages)
/** What lets the bot answer there: it reads the question, and an answer is a reply to it. A voice channel's words are for those who may enter it. */
export const toAnswer = (in_: Kind): readonly bigint[] => [
  ...[PermissionFlagsBits.ReadMessageHistory, toWrite(in_)],
  ...(in_ === "voice" ? [PermissionFlagsBits.Connect] : []),
]
export function has(permissions: bigint, ...wanted: readonly bigint[]): boolean {
  return wanted.every((bit) => (permissions & bit) === bit)
}
