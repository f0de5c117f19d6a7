// The composition root: the only file that knows which adapters there are. Read from here downwards.
// Each adapter is loaded when it is needed, so that a start pays for what it uses only.
import { enableCompileCache } from "node:module"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { run } from "./cli/program.ts"
import type { Beside, Running, Wiring } from "./cli/wiring.ts"
import { systemClock as clock } from "./clock.ts"
import { type Config, defaultOrigin, type Store } from "./config.ts"
import type { Place, WorkspaceId } from "./core/domain.ts"
import { defaultPolicy } from "./core/policy.ts"
import type { Drafter, Log, Platform } from "./core/ports.ts"
import type { Parts } from "./flow/parts.ts"
import type { Sessions } from "./page/session.ts"

const home: Place = { platform: "forum", workspace: "forum" as WorkspaceId, channel: "", thread: null }
const requestGraceMs = 3_000

async function serve(config: Config, log: Log, version: string): Promise<Running> {
  const open = new AsyncDisposableStack()
  try {
    return await assemble(config, log, version, open)
  } catch (fault) {
    await open.disposeAsync()
    throw fault
  }
}
/** Everything that is opened goes onto `open`, and is closed in the opposite order. */
async function assemble(config: Config, log: Log, version: string, open: AsyncDisposableStack): Promise<Running> {
  const { lockFolder } = await import("../adapters/database/lock.ts")
  if (config.database.kind === "sqlite") open.adopt(lockFolder(config.data), (lock) => lock.release())
  const { openPort } = await import("./web/port.ts")
  const port = open.adopt(await openPort(config.listen, log), (p) => p.close(0))
  const origin = config.origin ?? defaultOrigin(config.listen.host, port.number)

  const { keys, database, ledger } = await openStore(config, log, "alone")
  open.defer(() => ledger.close())
  const { openKnowledge } = await import("./knowledge/open.ts")
  const knowledge = await openKnowledge(config.knowledge, { log })
  const drafter = await drafterFor(config)
  open.defer(() => drafter.close?.())
  const forum = await forumFor(config, { origin, database, keys, log })
  const slack = await slackFor(config, { origin, database, keys, log })
  const discord = await discordFor(config, { database, keys, log })
  const platforms: readonly Platform[] = [forum, slack, discord].filter((p) => p !== null)

  const { createCheckpoints } = await import("./flow/checkpoint.ts")
  const signing = { ledger, signer: keys.log, folder: checkpointsOf(config), origin: new URL(origin).host, log }
  const checkpoints = createCheckpoints(signing)
  // Before anything is built on it: a ledger that contradicts what was signed is not gone on with.
  await checkpoints.flush()
  open.defer(() => checkpoints.flush().catch((fault: unknown) => log.error({ fault }, "no checkpoint was signed at the end")))
  const following = new AbortController()
  open.defer(() => following.abort())
  void checkpoints.followDoors(following.signal)

  const { createFlow } = await import("./flow/flow.ts")
  const { checks } = await import("./checks/all.ts")
  const parts: Parts = {
    ...{ ledger, drafter, knowledge, clock, checks, log },
    platforms: new Map(platforms.map((p) => [p.name, p])),
    labelKey: keys.label,
    pseudonyms: keys.pseudonyms,
    policy: config.policy,
    issuer: origin,
    program: `countersign/${version}`,
    onMilestone: checkpoints.milestone,
  }
  const flow = createFlow(parts)
  // After the platforms have ended what they keep open, and before the ledger closes under a request.
  open.defer(() => port.close(requestGraceMs))
  for (const platform of platforms) {
    await platform.start(flow.inbox)
    open.defer(() => platform.stop())
  }
  await flow.start()
  open.defer(() => flow.stop())

  const { webMounts } = await import("./web/mounts.ts")
  const about = {
    platforms: platforms.map((p) => p.name),
    drafter: drafterWords(drafter),
    passages: () => knowledge.size,
    database: config.database.kind === "sqlite" ? "SQLite" : "PostgreSQL",
  }
  const sessions: Sessions = forum
  const web = webMounts({ origin, version, ledger, inbox: flow.inbox, sessions, jwks: keys.jwks, clock, log, home, about })
  port.mount(new Map([...web, ...platforms.flatMap((p) => (p.http === undefined ? [] : [[p.http.prefix, p.http.listener] as const]))]))

  return {
    origin,
    entry: config.oidc === null ? await forum.entryLink() : null,
    invitation: config.oidc === null ? await forum.invitation() : null,
    drafter: about.drafter,
    passages: knowledge.size,
    platforms: about.platforms,
    ledger: config.database.kind === "sqlite" ? `SQLite in ${config.data}` : "PostgreSQL",
    stop: () => {
      port.mount(new Map())
      return open.disposeAsync()
    },
  }
}

/** The ledger and the keys alone: beside a running server, or without one. Takes no lock. */
async function beside(store: Store, log: Log): Promise<Beside> {
  const { needLedger, lookForKeys } = await import("./cli/absent.ts")
  needLedger(store)
  const needKeys = lookForKeys(store)
  const { keys, database, ledger } = await openStore(store, log, "beside others")
  const { createFlow } = await import("./flow/flow.ts")
  const { quoting } = await import("../adapters/quoting/drafter.ts")
  // Never started: only its door is used.
  const flow = createFlow({
    ...{ ledger, drafter: quoting, clock, log, policy: defaultPolicy, checks: [] },
    platforms: new Map(),
    knowledge: { size: 0, search: async () => [] },
    labelKey: keys.label,
    pseudonyms: keys.pseudonyms,
    issuer: "",
    program: "",
    onMilestone: () => undefined,
  })
  return {
    ledger,
    inbox: flow.inbox,
    async audit() {
      needKeys()
      const { verify } = await import("./flow/audit.ts")
      const { guardProblem } = await import("../adapters/database/standing.ts")
      const known = { keys: [keys.log.publicKey], guardProblem: await guardProblem(database.db, database.dialect) }
      return verify({ ledger, folder: checkpointsOf(store), ...known })
    },
    rebuild: () => ledger.rebuild(),
    async forget(person) {
      needKeys()
      const { forget } = await import("./flow/forget.ts")
      const { openForum } = await import("../adapters/forum/index.ts")
      // Not started: it serves nobody, and only erases what it keeps itself.
      const { cureOf } = await import("../adapters/database/faults.ts")
      const forum = await openForum({
        ...{ cureOf, db: database.db, dialect: database.dialect, pseudonyms: keys.pseudonyms, clock, log, moderators: [], admins: [], oidc: null },
        ...{ origin: defaultOrigin("127.0.0.1", 1), host: "127.0.0.1" },
      })
      const { slackForgetter } = await import("../adapters/slack/forgetting.ts")
      const { discordForgetter } = await import("../adapters/discord/questions.ts")
      const platforms = new Map([
        ["forum", forum] as const,
        ["slack", slackForgetter(database.db, keys.pseudonyms, clock)] as const,
        ["discord", discordForgetter(database.db, keys.pseudonyms, clock)] as const,
      ])
      const forgotten = await forget({ ledger, platforms, pseudonyms: keys.pseudonyms }, person)
      // The ledger did so after its own part; what the platform kept is deleted since.
      await database.scrub()
      return forgotten
    },
    close: () => ledger.close(),
  }
}

/** `alone`: this process is the folder's one server. */
const checkpointsOf = (store: Store) => join(store.data, "checkpoints")

async function openStore(store: Store, log: Log, working: "alone" | "beside others") {
  const [{ openKeys }, { openDatabase }, { openLedger }, { forumMigrations }, { slackMigrations }, { discordMigrations }] = await Promise.all([
    import("../adapters/keys/index.ts"),
    import("../adapters/database/open.ts"),
    import("../adapters/database/ledger.ts"),
    import("../adapters/forum/migrations.ts"),
    import("../adapters/slack/migrations.ts"),
    import("../adapters/discord/migrations.ts"),
  ])
  const migrations = (dialect: Parameters<typeof forumMigrations>[0]) => ({
    ...forumMigrations(dialect),
    ...slackMigrations(),
    ...discordMigrations(),
  })
  const database = await openDatabase(store.database, { migrations, warn: (words) => log.warn({}, words), working })
  try {
    return { database, keys: await openKeys(join(store.data, "keys")), ledger: await openLedger(database, clock) }
  } catch (fault) {
    await database.close()
    throw fault
  }
}
type Opened = Awaited<ReturnType<typeof openStore>>

async function drafterFor(config: Config): Promise<Drafter & { close?(): void }> {
  if (config.model === null) return (await import("../adapters/quoting/drafter.ts")).quoting
  const { openaiDrafter } = await import("../adapters/openai/drafter.ts")
  return openaiDrafter(config.model)
}
function drafterWords(drafter: Drafter): string {
  return drafter.origin === "quotation" ? "quoted, without a model" : `written by ${drafter.model.name} (${drafter.model.provider})`
}
async function forumFor(config: Config, with_: Pick<Opened, "database" | "keys"> & { readonly origin: string; readonly log: Log }) {
  const [{ openForum }, { cureOf }] = await Promise.all([import("../adapters/forum/index.ts"), import("../adapters/database/faults.ts")])
  const { database, keys, origin, log } = with_
  const { moderators, name } = config.forum
  return openForum({
    ...{ cureOf, db: database.db, dialect: database.dialect, pseudonyms: keys.pseudonyms, origin, clock, log, moderators },
    host: config.listen.host,
    admins: config.admins,
    oidc: config.oidc,
    ...(name === null ? {} : { audienceName: `everyone in ${name}` }),
  })
}

/** Null when no variable of Slack is set. */
async function slackFor(config: Config, with_: Pick<Opened, "database" | "keys"> & { readonly origin: string; readonly log: Log }) {
  if (config.slack === null) return null
  const { openSlack } = await import("../adapters/slack/index.ts")
  const { database, keys, origin, log } = with_
  const { pseudonyms, derive } = keys
  return openSlack({
    ...{ ...config.slack, db: database.db, pseudonyms, derive, origin, clock, log },
    admins: config.admins,
    moderators: config.slackModerators,
  })
}

/** Null when no token of Discord is set. */
async function discordFor(config: Config, with_: Pick<Opened, "database" | "keys"> & { readonly log: Log }) {
  if (config.discord === null) return null
  const { openDiscord } = await import("../adapters/discord/index.ts")
  const { database, keys, log } = with_
  return openDiscord({
    ...{ ...config.discord, db: database.db, pseudonyms: keys.pseudonyms, clock, log },
    admins: config.admins,
    moderators: config.discordModerators,
  })
}

// Later starts take a third less time. Not in the system's temporary folder, where others could leave code for us to run.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/countersign", import.meta.url)))
const wiring: Wiring = {
  serve,
  beside,
  discordCheck: async (discord, log) => (await import("../adapters/discord/check.ts")).check(discord, clock, log),
  slackCheck: async (slack, log) => (await import("../adapters/slack/check.ts")).check(slack, log),
}
process.exitCode = await run(process.argv.slice(2), wiring)
