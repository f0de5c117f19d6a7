// Installations of several workspaces, durable and encrypted. A token that is about to expire is exchanged by one caller in one
// process at a time, and stored before anybody uses it: Slack takes each refresh token once. Only workspaces that the operator
// lets in are kept: whoever has the app's address could else ask it what this installation knows.
import type { Installation, InstallationStore } from "@slack/oauth"
import { WebClient, type WebClientOptions } from "@slack/web-api"
import { z } from "zod"
import type { Instant, WorkspaceId } from "../../src/core/domain.ts"
import type { Clock } from "../../src/core/ports.ts"
import { once, type Team, type Tokens } from "./clients.ts"
import { teamIdOf, workspaceOf } from "./ids.ts"
import { giveBack, lives, NotKept } from "./kept.ts"
import type { Db } from "./migrations.ts"
import { scopeProblems } from "./scopes.ts"
import { type Vault, VaultRefused } from "./vault.ts"

const secrets = z.object({ token: z.string().min(1), refresh: z.string().min(1).nullable() })
const renewed = z.object({ access_token: z.string().min(1), refresh_token: z.string().min(1), expires_in: z.number().positive() })

const renewBeforeMs = 10 * 60_000
/** So near to its death a token is not used any more. */
const dyingMs = 60_000
const refreshMs = 15_000
const waitMs = 100

export interface Installs extends Tokens {
  readonly store: InstallationStore
  /** A workspace of an organisation that has the app: its events are the first we hear of it. */
  learn(teamId: string, enterpriseId: string): Promise<"known" | "new" | "not-installed">
  /** Of our installations in one shared channel: the workspace of the bot with one of these ids, user's or bot's. Null: none of ours. */
  ofBot(ids: readonly string[]): Promise<string | null>
  /** Slack says that an installation ended, `at` its own time. Takes the tokens away, and names the workspaces that it served. */
  ended(teamId: string, organisation: string | null, at: Instant): Promise<readonly WorkspaceId[]>
  /** Installations whose tokens the keys folder does not open, in words. */
  sealedOff(): Promise<readonly string[]>
}
export interface InstallsOptions {
  readonly db: Db
  readonly vault: Vault
  readonly clock: Clock
  readonly app: { readonly clientId: string; readonly clientSecret: string }
  readonly client: WebClientOptions
  /** Whether a workspace or an organisation may install the app here. */
  readonly lets: (id: string) => boolean
  readonly onInstalled: (workspace: WorkspaceId) => Promise<void>
}

export function installs(o: InstallsOptions): Installs {
  const { db, clock } = o
  const renewing = new Map<string, Promise<string>>()
  const row = (id: string) => db.selectFrom("slack_install").selectAll().where("id", "=", id).executeTakeFirst()
  const open = (id: string, sealed: string) => secrets.parse(JSON.parse(o.vault.open(id, sealed)))

  async function fresh(id: string): Promise<string | null> {
    const found = await row(id)
    if (found === undefined) return null
    const { token, refresh } = open(id, found.sealed)
    if (refresh === null || found.expires_at === null || clock.now() < Number(found.expires_at) - renewBeforeMs) return token
    const under = renewing.get(id) ?? renew(id).finally(() => renewing.delete(id))
    renewing.set(id, under)
    // Slack may not answer just now, or another process may be at it: a token that still lives is no reason to hold a stop back.
    const dies = Number(found.expires_at)
    return under.catch((fault: unknown) => {
      if (clock.now() < dies - dyingMs) return token
      throw fault
    })
  }
  async function renew(id: string): Promise<string> {
    for (;;) {
      const claimed = await db
        .updateTable("slack_install")
        .set({ refreshing_until: clock.now() + refreshMs })
        .where("id", "=", id)
        .where("refreshing_until", "<=", clock.now())
        .executeTakeFirst()
      // Read after the claim: what another process has just stored is what counts.
      const found = await row(id)
      if (found === undefined) throw new Error(`${id} was uninstalled while its token was renewed`)
      const { token, refresh } = open(id, found.sealed)
      const stillGood = found.expires_at === null || clock.now() < Number(found.expires_at) - renewBeforeMs
      if (stillGood || refresh === null) return token
      if (claimed.numUpdatedRows === 0n && clock.now() < Number(found.expires_at) - dyingMs) return token
      if (claimed.numUpdatedRows === 0n) {
        await clock.sleep(waitMs)
        continue
      }
      const client = new WebClient(undefined, once(o.client, refreshMs / 2))
      const got = renewed.parse(
        await client.oauth.v2.access({
          client_id: o.app.clientId,
          client_secret: o.app.clientSecret,
          grant_type: "refresh_token",
          refresh_token: refresh,
        }),
      )
      const sealed = o.vault.seal(id, JSON.stringify({ token: got.access_token, refresh: got.refresh_token }))
      await db
        .updateTable("slack_install")
        .set({ sealed, expires_at: clock.now() + got.expires_in * 1000, refreshing_until: 0 })
        .where("id", "=", id)
        .execute()
      return got.access_token
    }
  }
  async function remove(id: string): Promise<readonly WorkspaceId[]> {
    const served = await db.selectFrom("slack_workspace").select("team_id").where("install", "=", id).execute()
    await db.deleteFrom("slack_workspace").where("install", "=", id).execute()
    await db.deleteFrom("slack_install").where("id", "=", id).execute()
    return served.map((r) => workspaceOf(r.team_id))
  }
  async function serve(teamId: string, install: string, name: string): Promise<"known" | "new"> {
    const before = await db.selectFrom("slack_workspace").select("install").where("team_id", "=", teamId).executeTakeFirst()
    if (before?.install === install) return "known"
    await db
      .insertInto("slack_workspace")
      .values({ team_id: teamId, install, name })
      .onConflict((c) => c.column("team_id").doUpdateSet({ install, name }))
      .execute()
    await o.onInstalled(workspaceOf(teamId))
    return "new"
  }

  return {
    async find(workspace) {
      const teamId = teamIdOf(workspace)
      if (teamId === null) return null
      const served = await db.selectFrom("slack_workspace").selectAll().where("team_id", "=", teamId).executeTakeFirst()
      // Whoever was taken off the list is not served any more, installed or not.
      const found = served === undefined || !o.lets(served.install) ? undefined : await row(served.install)
      if (served === undefined || found === undefined) return null
      const token = await fresh(found.id)
      return token === null ? null : { token, team: teamOf(served, found) }
    },
    async teams() {
      const rows = await db
        .selectFrom("slack_workspace as w")
        .innerJoin("slack_install as i", "i.id", "w.install")
        .select(["w.team_id", "w.name", "w.install", "i.enterprise_id", "i.bot_user_id", "i.bot_id", "i.app_id"])
        .orderBy("w.team_id")
        .execute()
      return rows.filter((r) => o.lets(r.install)).map((r) => teamOf(r, r))
    },
    async learn(teamId, enterpriseId) {
      return (await row(enterpriseId)) === undefined ? "not-installed" : serve(teamId, enterpriseId, teamId)
    },
    async ofBot(ids) {
      const found = await db
        .selectFrom("slack_workspace as w")
        .innerJoin("slack_install as i", "i.id", "w.install")
        .select("w.team_id")
        .where((e) => e.or([e("i.bot_user_id", "in", ids), e("i.bot_id", "in", ids)]))
        .orderBy("w.team_id")
        .executeTakeFirst()
      return found?.team_id ?? null
    },
    async ended(teamId, organisation, at) {
      const served = await db.selectFrom("slack_workspace").select("install").where("team_id", "=", teamId).executeTakeFirst()
      const id = organisation ?? served?.install ?? teamId
      const found = await row(id)
      if (found === undefined) return []
      // Slack tells of an end again and again, minutes later, too: what was installed anew meanwhile has not ended with it. And what
      // ended in one workspace of an organisation need not have ended in all.
      const late = at < Number(found.at)
      const partOf = organisation === null && id !== teamId
      if (
        (late || partOf) &&
        (await fresh(id).then(
          (token) => lives(token, o.client),
          () => "no" as const,
        )) === "yes"
      ) {
        if (late) return []
        await db.deleteFrom("slack_workspace").where("team_id", "=", teamId).execute()
        return [workspaceOf(teamId)]
      }
      return remove(id)
    },
    async sealedOff() {
      const rows = await db.selectFrom("slack_install").select(["id", "sealed"]).orderBy("id").execute()
      return rows.flatMap(({ id, sealed }) => {
        try {
          open(id, sealed)
          return []
        } catch (fault) {
          if (fault instanceof VaultRefused) return [fault.message]
          throw fault
        }
      })
    },
    store: {
      async storeInstallation(installation: Installation) {
        const { bot, team, enterprise, appId } = installation
        const org = installation.isEnterpriseInstall === true
        const id = org ? enterprise?.id : team?.id
        if (bot === undefined || id === undefined || appId === undefined) throw new Error("Slack's answer to the installation has no bot in it")
        if (!o.lets(id)) {
          await giveBack(bot.token, o.client)
          throw new NotKept([`${id} is not among the workspaces that may use Countersign here. Ask whoever runs it to add it to slack.workspaces.`])
        }
        const problems = scopeProblems(bot.scopes)
        if (problems.length > 0) throw new NotKept(problems)
        const values = {
          enterprise_id: enterprise?.id ?? null,
          app_id: appId,
          bot_user_id: bot.userId,
          bot_id: bot.id,
          sealed: o.vault.seal(id, JSON.stringify({ token: bot.token, refresh: bot.refreshToken ?? null })),
          expires_at: bot.expiresAt === undefined ? null : bot.expiresAt * 1000,
          refreshing_until: 0,
          at: clock.now(),
        }
        await db
          .insertInto("slack_install")
          .values({ id, ...values })
          .onConflict((c) => c.column("id").doUpdateSet(values))
          .execute()
        if (!org) await serve(id, id, team?.name ?? id)
      },
      // Whoever wants a token asks `find`, which keeps it fresh; Slack's own library would renew it as often as it is asked.
      fetchInstallation: async () => {
        throw new Error("tokens are not handed out this way")
      },
    },
  }
}

function teamOf(
  served: { readonly team_id: string; readonly name: string },
  install: { readonly enterprise_id: string | null; readonly bot_user_id: string; readonly bot_id: string; readonly app_id: string },
): Team {
  return {
    workspace: workspaceOf(served.team_id),
    teamId: served.team_id,
    enterpriseId: install.enterprise_id,
    botUserId: install.bot_user_id,
    botId: install.bot_id,
    appId: install.app_id,
    name: served.name,
  }
}
