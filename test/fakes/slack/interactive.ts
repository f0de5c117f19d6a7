// Clicks, submissions, shortcuts and commands on their way to an app, and what its acknowledgement does to the screen.
import { isFields } from "./checks/problem.ts"
import type { Core } from "./core.ts"
import type { Attempt, Deliveries, Delivery } from "./deliver/delivery.ts"
import { isEphemeral, type ResponseUrls } from "./response-url.ts"
import type { Channel, Ephemeral, Fields, Install, Message, User } from "./state.ts"
import { type View, viewOut } from "./views.ts"
import { channelOut, messageOut } from "./wire.ts"

export interface Answered {
  readonly delivery: Delivery
  /** The only try: interactive payloads are never sent again. */
  readonly attempt: Attempt
}
export interface Submission extends Answered {
  readonly outcome: "closed" | "errors" | "updated" | "pushed" | "no-answer"
  /** By block id, under the fields; `view` for what is wrong with the modal as a whole. */
  readonly errors: Readonly<Record<string, string>>
}

export class Interactive {
  readonly #core: Core
  readonly #deliveries: Deliveries
  readonly #urls: ResponseUrls
  constructor(core: Core, deliveries: Deliveries, urls: ResponseUrls) {
    this.#core = core
    this.#deliveries = deliveries
    this.#urls = urls
  }
  #team(id: string): Fields {
    const { enterprise, domain } = this.#core.world.team(id)
    return { id, domain, ...(enterprise === null ? {} : { enterprise_id: enterprise.id, enterprise_name: enterprise.name }) }
  }
  /** `home`: the team whose name the payload carries. For messages it is the one that installed, for modals the person's own. */
  #base(install: Install, user: User, home: string): Fields {
    const enterprise = install.enterprise ?? this.#core.world.team(home).enterprise
    return {
      team: install.team === null ? null : this.#team(home),
      user: { id: user.id, username: user.name, name: user.name, team_id: user.team },
      api_app_id: install.app.id,
      token: install.app.verificationToken,
      is_enterprise_install: install.team === null,
      enterprise: enterprise === null ? null : { id: enterprise.id, name: enterprise.name },
    }
  }
  #served(install: Install, channel: Channel): string {
    return this.#core.world.teamsOf(channel).find((t) => this.#core.world.serves(install, t)) ?? channel.team
  }
  async #send(install: Install, kind: "interactive" | "command", name: string, body: Fields): Promise<Answered> {
    const { delivery, first } = this.#deliveries.send(install.app, kind, name, body)
    return { delivery, attempt: await first }
  }
  clickMessage(install: Install, user: User, on: Message | Ephemeral, action: Fields, values: Fields): Promise<Answered> {
    const channel = this.#core.world.channel(on.channel)
    const ephemeral = isEphemeral(on)
    const threadTs = on.threadTs === null ? {} : { thread_ts: on.threadTs }
    // What is ephemeral does not come back: the payload names it and no more.
    const message = ephemeral ? {} : { message: messageOut(this.#core.world, on, "type-only") }
    return this.#send(install, "interactive", "block_actions", {
      type: "block_actions",
      ...this.#base(install, user, this.#served(install, channel)),
      container: { type: "message", message_ts: on.ts, channel_id: channel.id, is_ephemeral: ephemeral, ...threadTs },
      trigger_id: this.#core.views.trigger(user.id, install, null),
      channel: this.#channelName(install, channel),
      ...message,
      state: { values },
      response_url: this.#urls.make(install, channel.id, user.id, on),
      actions: [action],
    })
  }
  clickView(user: User, view: View, action: Fields, values: Fields): Promise<Answered> {
    const { install } = view
    return this.#send(install, "interactive", "block_actions", {
      type: "block_actions",
      ...this.#base(install, user, user.team),
      container: { type: "view", view_id: view.id },
      trigger_id: this.#core.views.trigger(user.id, install, view.type === "modal" ? view.id : null),
      view: viewOut(view, values),
      state: { values },
      actions: [action],
    })
  }
  #channelName(install: Install, channel: Channel): Fields {
    const out = channelOut(this.#core.world, channel, install, this.#served(install, channel), { numMembers: false })
    return { id: channel.id, name: channel.kind === "im" ? "directmessage" : out["is_group"] === true ? "privategroup" : channel.name }
  }
  shortcut(install: Install, user: User, callbackId: string, on: Message | null): Promise<Answered> {
    const base = {
      ...this.#base(install, user, user.team),
      callback_id: callbackId,
      trigger_id: this.#core.views.trigger(user.id, install, null),
      action_ts: this.#core.time.ts(),
    }
    if (on === null) return this.#send(install, "interactive", "shortcut", { type: "shortcut", ...base })
    const channel = this.#core.world.channel(on.channel)
    return this.#send(install, "interactive", "message_action", {
      type: "message_action",
      ...base,
      message_ts: on.ts,
      response_url: this.#urls.make(install, channel.id, user.id, null),
      channel: this.#channelName(install, channel),
      message: messageOut(this.#core.world, on, "type-only"),
    })
  }
  async slash(install: Install, user: User, command: string, text: string, channel: Channel): Promise<Answered> {
    const team = this.#core.world.team(user.team)
    const answered = await this.#send(install, "command", command, {
      token: install.app.verificationToken,
      team_id: team.id,
      team_domain: team.domain,
      ...(team.enterprise === null ? {} : { enterprise_id: team.enterprise.id, enterprise_name: team.enterprise.name }),
      channel_id: channel.id,
      channel_name: this.#channelName(install, channel)["name"],
      user_id: user.id,
      user_name: user.name,
      command,
      text,
      api_app_id: install.app.id,
      is_enterprise_install: String(install.team === null),
      response_url: this.#urls.make(install, channel.id, user.id, null),
      trigger_id: this.#core.views.trigger(user.id, install, null),
    })
    const { answer, outcome } = answered.attempt
    const body = typeof answer === "string" ? { text: answer } : isFields(answer) ? answer : null
    if (outcome === "acknowledged" && body !== null) this.#urls.apply({ install, channel: channel.id, user: user.id, over: null }, body)
    return answered
  }
  async submit(user: User, view: View, values: Fields): Promise<Submission> {
    const answered = await this.#send(view.install, "interactive", "view_submission", {
      type: "view_submission",
      ...this.#base(view.install, user, user.team),
      trigger_id: this.#core.views.trigger(user.id, view.install, view.id),
      view: viewOut(view, values),
      response_urls: [],
    })
    return { ...answered, ...this.#react(user, view, answered.attempt) }
  }
  async close(user: User, view: View, how: "one" | "all"): Promise<Answered | null> {
    this.#core.views.close(user.id, view, how)
    if (view.definition["notify_on_close"] !== true) return null
    const body = { type: "view_closed", ...this.#base(view.install, user, user.team), view: viewOut(view), is_cleared: how === "all" }
    return this.#send(view.install, "interactive", "view_closed", body)
  }
  #react(user: User, view: View, attempt: Attempt): Pick<Submission, "outcome" | "errors"> {
    const { views } = this.#core
    const trouble = (why: string) => {
      view.trouble = why
      return { outcome: "no-answer" as const, errors: { view: why } }
    }
    if (attempt.outcome !== "acknowledged") return trouble("We had some trouble connecting. Try again?")
    const answer = attempt.answer
    if (answer === null || answer === "") {
      views.close(user.id, view, "one")
      return { outcome: "closed", errors: {} }
    }
    if (!isFields(answer)) return trouble(`the app's answer was no JSON object`)
    switch (answer["response_action"]) {
      case "clear":
        views.close(user.id, view, "all")
        return { outcome: "closed", errors: {} }
      case "errors": {
        const errors = isFields(answer["errors"]) ? (answer["errors"] as Record<string, string>) : {}
        const ids = (view.definition["blocks"] as Fields[]).filter((b) => b["type"] === "input").map((b) => b["block_id"])
        // Slack shows errors under input blocks; for any other id it shows that it had trouble.
        if (Object.keys(errors).length === 0 || !Object.keys(errors).every((id) => ids.includes(id)))
          return trouble("errors for blocks that are no inputs")
        view.errors = errors
        return { outcome: "errors", errors }
      }
      case "update":
      case "push": {
        const next = answer["view"]
        const problems = views.problems(next)
        if (problems.length > 0 || !isFields(next)) return trouble(problems.join("; "))
        if (answer["response_action"] === "update") views.replace(view, next)
        else views.pushOn(user.id, view.id, view.install, next)
        return { outcome: answer["response_action"] === "update" ? "updated" : "pushed", errors: {} }
      }
      default:
        return trouble(`unknown response_action ${String(answer["response_action"])}`)
    }
  }
}
