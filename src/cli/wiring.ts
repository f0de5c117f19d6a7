// What the command line needs of the rest. main.ts provides it, so that no command imports an adapter, and nothing is
// opened or even loaded before a command asks for it.
import type { Config, Store } from "../config.ts"
import type { PersonId } from "../core/domain.ts"
import type { Inbox, Ledger, Log } from "../core/ports.ts"
import type { AuditReport } from "../flow/audit.ts"
import type { Forgotten } from "../flow/forget.ts"

export interface Wiring {
  /** The server. Throws a fault whose message is meant for the operator. */
  serve(config: Config, log: Log, version: string): Promise<Running>
  /** The ledger alone, beside a running server or without one. */
  beside(store: Store, log: Log): Promise<Beside>
  /** What Discord has and lacks, in words, and the link that adds the bot to a server. Opens no ledger. */
  discordCheck(
    discord: NonNullable<Config["discord"]>,
    log: Log,
  ): Promise<{ readonly seen: readonly string[]; readonly problems: readonly string[]; readonly invite: string | null }>
  /** What Slack has and lacks, in words. Opens no ledger. */
  slackCheck(slack: NonNullable<Config["slack"]>, log: Log): Promise<{ readonly seen: readonly string[]; readonly problems: readonly string[] }>
}
export interface Running {
  readonly origin: string
  /** Signs in the first person; null where people sign in with their company. */
  readonly entry: string | null
  readonly invitation: string | null
  /** `quoting` or the model's name, as people should know it. */
  readonly drafter: string
  readonly passages: number
  /** `forum`, `slack`: where people are heard. */
  readonly platforms: readonly string[]
  /** Where the ledger is, without a password. */
  readonly ledger: string
  stop(): Promise<void>
}
export interface Beside {
  readonly ledger: Ledger
  readonly inbox: Pick<Inbox, "stop" | "resume">
  audit(): Promise<AuditReport>
  rebuild(): Promise<{ readonly requests: number }>
  /** People by platform account (`forum:…`), or by the name they are known by. */
  forget(person: PersonId): Promise<Forgotten>
  close(): Promise<void>
}
