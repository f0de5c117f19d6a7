// People as Discord describes them: a user, and the same user as a member of a server.
import { z } from "zod"

export const userShape = z.looseObject({
  id: z.string(),
  username: z.string(),
  global_name: z.string().nullish(),
  bot: z.boolean().optional(),
  system: z.boolean().optional(),
})
export const memberShape = z.looseObject({
  user: userShape,
  nick: z.string().nullish(),
  roles: z.array(z.string()),
  pending: z.boolean().optional(),
  communication_disabled_until: z.string().nullish(),
})
export type Member = z.infer<typeof memberShape>
/** As it comes with a message: the user stands beside it. */
export const memberBesideShape = memberShape.omit({ user: true })

/** What others see. */
export function nameOf({ nick, user }: Pick<Member, "nick" | "user">): string {
  return [nick, user.global_name, user.username].find((n) => n != null && n.trim() !== "")?.trim() ?? "somebody"
}
