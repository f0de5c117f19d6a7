// Modals and Home tabs as people have them open. A trigger opens one view within three seconds, once; a hash that is old is a conflict.

import { isFields } from "./checks/problem.ts"
import { checkView } from "./checks/view.ts"
import type { Core } from "./core.ts"
import { keptBlocks } from "./normalise.ts"
import { badArguments, refuse } from "./refusal.ts"
import { type Fields, type Install, newId, secret } from "./state.ts"

const triggerMs = 3_000
const mostStacked = 3

export interface View {
  readonly id: string
  readonly install: Install
  readonly user: string
  readonly type: "modal" | "home"
  readonly rootId: string
  readonly previousId: string | null
  externalId: string
  definition: Fields
  hash: string
  /** What Slack tells the person at the bottom of the modal: the app's errors, or that it did not answer. */
  errors: Readonly<Record<string, string>>
  trouble: string | null
}
interface Trigger {
  readonly user: string
  readonly install: Install
  readonly until: number
  /** The modal that the person clicked in, if any. */
  readonly within: string | null
  used: boolean
}

export class Views {
  readonly #core: Core
  readonly #triggers = new Map<string, Trigger>()
  /** From the bottom to the one in front. */
  readonly #stacks = new Map<string, View[]>()
  readonly #homes = new Map<string, View>()
  constructor(core: Core) {
    this.#core = core
  }
  trigger(user: string, install: Install, within: string | null): string {
    const id = `${newId("")}.${newId("")}.${secret()}`
    this.#triggers.set(id, { user, install, until: this.#core.time.elapsed() + triggerMs, within, used: false })
    return id
  }
  #exchange(id: string, install: Install): Trigger {
    const trigger = this.#triggers.get(id)
    if (trigger === undefined || trigger.install.app !== install.app) return refuse("invalid_trigger_id")
    if (trigger.used) return refuse("exchanged_trigger_id")
    if (trigger.until < this.#core.time.elapsed()) return refuse("expired_trigger_id")
    trigger.used = true
    return trigger
  }
  open(triggerId: string, install: Install, definition: unknown): View {
    const good = this.#good(definition, "modal")
    const trigger = this.#exchange(triggerId, install)
    // From within a modal an opened view replaces nothing: Slack pushes only by views.push, and a new root comes in front.
    const view = this.#make(good, "modal", trigger.user, install, null)
    this.#stacks.set(trigger.user, [view])
    return view
  }
  push(triggerId: string, install: Install, definition: unknown): View {
    const good = this.#good(definition, "modal")
    const trigger = this.#exchange(triggerId, install)
    if (trigger.within === null) return refuse("not_found")
    return this.pushOn(trigger.user, trigger.within, install, good)
  }
  pushOn(user: string, within: string, install: Install, good: Fields): View {
    const stack = this.stack(user)
    const below = stack.find((v) => v.id === within) ?? refuse("not_found")
    if (stack.length >= mostStacked) return refuse("push_limit_reached")
    const view = this.#make(good, "modal", user, install, below)
    this.#stacks.set(user, [...stack, view])
    return view
  }
  update(install: Install, by: { readonly id: string | null; readonly externalId: string | null }, definition: unknown, hash: string | null): View {
    const all = [...[...this.#stacks.values()].flat(), ...this.#homes.values()]
    const view =
      all.find((v) => v.install.app === install.app && (by.id !== null ? v.id === by.id : v.externalId === by.externalId)) ?? refuse("not_found")
    const good = this.#good(definition, view.type)
    if (hash !== null && hash !== view.hash) return refuse("hash_conflict")
    return this.replace(view, good)
  }
  replace(view: View, good: Fields): View {
    Object.assign(view, { definition: settled(good), hash: this.#hash(), errors: {}, trouble: null, externalId: String(good["external_id"] ?? "") })
    return view
  }
  publish(install: Install, user: string, definition: unknown, hash: string | null): View {
    const good = this.#good(definition, "home")
    const before = this.home(user, install)
    if (hash !== null && before !== null && hash !== before.hash) return refuse("hash_conflict")
    if (before !== null) return this.replace(before, good)
    const made = this.#make(good, "home", user, install, null)
    this.#homes.set(`${user} ${install.app.id}`, made)
    return made
  }
  home(user: string, install: Install): View | null {
    return this.#homes.get(`${user} ${install.app.id}`) ?? null
  }
  stack(user: string): readonly View[] {
    return this.#stacks.get(user) ?? []
  }
  front(user: string): View | null {
    return this.stack(user).at(-1) ?? null
  }
  close(user: string, view: View, how: "one" | "all"): void {
    this.#stacks.set(user, how === "all" ? [] : this.stack(user).filter((v) => v !== view))
  }
  problems(definition: unknown): readonly string[] {
    return checkView(definition, "modal")
  }
  #good(definition: unknown, type: "modal" | "home"): Fields {
    const problems = checkView(definition, type)
    if (problems.includes("view_too_large")) return refuse("view_too_large")
    if (problems.length > 0 || !isFields(definition)) return badArguments(...problems)
    return definition
  }
  #make(good: Fields, type: "modal" | "home", user: string, install: Install, below: View | null): View {
    const externalId = String(good["external_id"] ?? "")
    if (externalId !== "" && [...this.#stacks.values()].flat().some((v) => v.externalId === externalId)) refuse("duplicate_external_id")
    const id = newId("V")
    return {
      id,
      install,
      user,
      type,
      rootId: below?.rootId ?? id,
      previousId: below?.id ?? null,
      externalId,
      definition: settled(good),
      hash: this.#hash(),
      errors: {},
      trouble: null,
    }
  }
  #hash(): string {
    return `${Math.floor(this.#core.time.now() / 1_000)}.${secret(4)}`
  }
}
const settled = (good: Fields): Fields => ({ ...good, blocks: keptBlocks(good["blocks"] as Fields[]) })

export function viewOut(view: View, values: Fields = {}): Fields {
  const d = view.definition
  const modal = { title: d["title"], close: d["close"] ?? null, submit: d["submit"] ?? null }
  return {
    id: view.id,
    team_id: view.install.team?.id ?? null,
    type: view.type,
    blocks: d["blocks"],
    private_metadata: d["private_metadata"] ?? "",
    callback_id: d["callback_id"] ?? "",
    state: { values },
    hash: view.hash,
    ...(view.type === "modal" ? modal : {}),
    clear_on_close: d["clear_on_close"] === true,
    notify_on_close: d["notify_on_close"] === true,
    previous_view_id: view.previousId,
    root_view_id: view.rootId,
    app_id: view.install.app.id,
    external_id: view.externalId,
    app_installed_team_id: view.install.team?.id ?? view.install.enterprise?.id ?? null,
    bot_id: view.install.botId,
  }
}
