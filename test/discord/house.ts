// A whole Discord for one test: the local Discord, the real discord.js and the real adapter, the real walk and ledger behind them, and a
// drafter that a test steers. Rin and Bo are members of Acme, Mira an admin of Countersign; the bot has what its invite link asks for.
import { openLedger } from "../../adapters/database/ledger.ts"
import { type Database, openDatabase, type Where } from "../../adapters/database/open.ts"
import { type Discord, type DiscordOptions, discordMigrations, openDiscord } from "../../adapters/discord/index.ts"
import { invitePermissions } from "../../adapters/discord/invite.ts"
import type { PersonId, Place, WorkspaceId } from "../../src/core/domain.ts"
import { defaultPolicy, type Policy } from "../../src/core/policy.ts"
import type { Clock, Inbox, Ledger, Log } from "../../src/core/ports.ts"
import { createFlow } from "../../src/flow/flow.ts"
import type { Flow, Parts } from "../../src/flow/parts.ts"
import { type Discord as LocalDiscord, type DiscordOptions as LocalOptions, startDiscord } from "../fakes/discord/discord.ts"
import type { Modal } from "../fakes/discord/modals.ts"
import type { Permission } from "../fakes/discord/permissions.ts"
import type { Person } from "../fakes/discord/person.ts"
import { type App, type Channel, type Fields, type Guild, isFields, type Message, type Privileged } from "../fakes/discord/state.ts"
import { FakeDrafter } from "../fakes/drafter.ts"
import { testPseudonyms, testSigner } from "../harness/signers.ts"
import { silentLog } from "../harness/walk.ts"

export interface HouseOptions {
  readonly clock?: Clock
  readonly where?: Where
  readonly policy?: Partial<Policy>
  readonly checks?: Parts["checks"]
  readonly options?: Partial<DiscordOptions>
  readonly log?: Log
  readonly discord?: LocalOptions
  readonly privileged?: readonly Privileged[]
  /** Stands between Discord and the inside. */
  readonly between?: (inbox: Inbox) => Inbox
  /** A local Discord that outlives one process. */
  readonly town?: Town
}
export interface Town {
  readonly discord: LocalDiscord
  readonly app: App
  readonly acme: Guild
  readonly rin: Person
  readonly bo: Person
  readonly mira: Person
  readonly infra: Channel
  readonly workspace: WorkspaceId
  personId(of: Person): PersonId
}
export interface House extends Town {
  readonly platform: Discord
  readonly flow: Flow
  readonly ledger: Ledger
  readonly database: Database
  readonly drafter: FakeDrafter
  readonly clock: Clock
  place(channel: Channel): Place
  /** Until Discord has nothing more to tell and nothing is at work. */
  settled(): Promise<void>
  /** The process ends; Discord stays. */
  leave(): Promise<void>
  close(): Promise<void>
}

export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(resolve, ms)
      const end = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      signal?.addEventListener("abort", end, { once: true })
    }),
}
const names: Readonly<Record<string, Permission>> = {
  ViewChannel: "VIEW_CHANNEL",
  SendMessages: "SEND_MESSAGES",
  SendMessagesInThreads: "SEND_MESSAGES_IN_THREADS",
  ReadMessageHistory: "READ_MESSAGE_HISTORY",
}

export async function openTown(o: Pick<HouseOptions, "discord" | "privileged"> = {}): Promise<Town> {
  // Nothing depends on real seconds: an interaction waits as long as a busy machine needs.
  const discord = await startDiscord({ interactionDeadlineMs: 600_000, ...o.discord })
  const app = discord.app({ name: "Countersign", privileged: o.privileged ?? [] })
  const owner = discord.person({ name: "Owner" })
  const acme = discord.guild({ name: "Acme", owner })
  discord.install(
    app,
    acme,
    invitePermissions.map((name) => names[name] as Permission),
  )
  const [rin, bo, mira] = ["Rin", "Bo", "Mira"].map((name) => discord.person({ name, guilds: [acme] })) as [Person, Person, Person]
  const infra = discord.channel(acme, { name: "infra" })
  const workspace = `discord:${acme.id}` as WorkspaceId
  return { discord, app, acme, rin, bo, mira, infra, workspace, personId: (of) => `${workspace}/${of.id}` as PersonId }
}

export async function openHouse(o: HouseOptions = {}): Promise<House> {
  const clock = o.clock ?? wallClock
  const town = o.town ?? (await openTown(o))
  const { discord, app } = town
  const database = await openDatabase(o.where ?? { kind: "memory" }, { migrations: () => discordMigrations() })
  const ledger = await openLedger(database, clock)
  const drafter = new FakeDrafter()
  const log = o.log ?? silentLog
  const origin = "https://ask.example.org"
  const platform = await openDiscord({
    ...{ token: app.token, apiUrl: discord.url, messageContent: "off" as const, db: database.db, pseudonyms: testPseudonyms, clock, log },
    admins: [town.personId(town.mira)],
    moderators: [],
    ...o.options,
  }).catch(async (fault: unknown) => {
    await ledger.close()
    throw fault
  })
  const flow = createFlow({
    ...{ ledger, clock, log, drafter, labelKey: testSigner(), pseudonyms: testPseudonyms, issuer: origin, program: "countersign/test" },
    platforms: new Map([[platform.name, platform]]),
    knowledge: { size: 0, search: async () => [] },
    policy: { ...defaultPolicy, ...o.policy },
    checks: o.checks ?? [],
    onMilestone: () => undefined,
  })
  await platform.start(o.between?.(flow.inbox) ?? flow.inbox).catch(async (fault: unknown) => {
    await platform.stop()
    await ledger.close()
    throw fault
  })
  let open = true
  const leave = async () => {
    if (!open) return
    open = false
    await platform.stop()
    await flow.stop()
    await ledger.close()
  }
  return {
    ...town,
    ...{ platform, flow, ledger, database, drafter, clock, leave },
    place: (channel) => ({
      ...{ platform: "discord", workspace: town.workspace },
      ...(channel.thread === null ? { channel: channel.id, thread: null } : { channel: channel.parent?.id ?? "", thread: channel.id }),
    }),
    async settled() {
      // What one gives the other to do is done when both are quiet twice over.
      for (let i = 0; i < 3; i += 1) {
        await discord.quiet()
        await platform.idle()
        await flow.idle()
      }
    },
    leave,
    async close() {
      await leave()
      await discord.close()
    },
  }
}

const label = /\/l\/[0-7][0-9A-HJKMNP-TV-Z]{25}/
/** What stands in public as an answer of ours. */
export const posts = (town: Pick<Town, "discord" | "app">): readonly Message[] =>
  town.discord.messages.filter((m) => m.author === town.app.user && m.channel.guild !== null && label.test(JSON.stringify(m.components)))
/** All that anybody reads of a message: its text, its components, its embeds. */
export const textOf = (m: Message | undefined): string => (m === undefined ? "" : JSON.stringify([m.content, m.components, m.embeds]))

/** `custom_id` of the button for this act, or of the ticks. */
export function idOf(m: Message | undefined, act: string): string | null {
  const all = (components: readonly Fields[]): readonly Fields[] =>
    components.flatMap((c) => [
      c,
      ...all(Array.isArray(c["components"]) ? c["components"].filter(isFields) : []),
      ...(isFields(c["accessory"]) ? [c["accessory"]] : []),
    ])
  const found = all(m?.components ?? []).find((c) => typeof c["custom_id"] === "string" && c["custom_id"].split(":")[0] === act)
  return found === undefined ? null : String(found["custom_id"])
}
/** Clicks the button for this act. */
export function clicks(person: Person, m: Message | undefined, act: string, values: readonly string[] = []) {
  const id = idOf(m, act)
  if (m === undefined || id === null) throw new Error(`there is no button ${act} on ${textOf(m)}`)
  return person.clicks(m, id, values)
}
export function modalOf(person: Person): Modal {
  if (person.modal === null) throw new Error("no modal is on their screen")
  return person.modal
}
