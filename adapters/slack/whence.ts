// Which workspace something from Slack belongs to: the one in which the app is installed. In channels that are shared with other
// organisations the payload's own team is theirs.
import { z } from "zod"

const team = z.string().nullish()
const anyBody = z.looseObject({
  authorizations: z.array(z.looseObject({ team_id: team, enterprise_id: team, is_enterprise_install: z.boolean().nullish() })).nullish(),
  context_team_id: team,
  context_enterprise_id: team,
  team_id: team,
  enterprise_id: team,
  is_enterprise_install: z.union([z.boolean(), z.string()]).nullish(),
  team: z.looseObject({ id: team }).nullish(),
  enterprise: z.looseObject({ id: team }).nullish(),
  user: z.union([z.string(), z.looseObject({ team_id: team })]).nullish(),
  view: z.looseObject({ app_installed_team_id: team }).nullish(),
})
export interface Whence {
  readonly teamId: string
  /** Of an installation for a whole organisation; else null. */
  readonly organisation: string | null
}

/** Null: it does not say. */
export function whence(body: unknown): Whence | null {
  const read = anyBody.safeParse(body)
  if (!read.success) return null
  const b = read.data
  const [authorization] = b.authorizations ?? []
  const org = authorization?.is_enterprise_install === true || b.is_enterprise_install === true || b.is_enterprise_install === "true"
  const user = typeof b.user === "object" ? b.user?.team_id : null
  const inOrg = b.context_team_id ?? authorization?.team_id
  const first = org ? inOrg : authorization?.team_id
  // Of an installation for an organisation, forms name the organisation.
  const installed = b.view?.app_installed_team_id
  const formOf = installed?.startsWith("E") === true ? null : installed
  const teamId = first ?? formOf ?? b.context_team_id ?? b.team?.id ?? b.team_id ?? user
  if (teamId === null || teamId === undefined) return null
  const organisation = authorization?.enterprise_id ?? b.context_enterprise_id ?? b.enterprise?.id ?? b.enterprise_id ?? null
  return { teamId, organisation: org ? organisation : null }
}
