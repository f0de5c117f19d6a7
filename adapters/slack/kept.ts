// What of an installation is kept, and whether Slack still honours it. A token that is not kept is given back at once: nobody
// here would look after it.
import { WebClient, type WebClientOptions } from "@slack/web-api"
import { controlTimeoutMs, once } from "./clients.ts"
import { errorOf } from "./errors.ts"

/** Slack granted it, and it is not kept. `problems` are for whoever installs: sentences, no secret. */
export class NotKept extends Error {
  readonly code = "slack-install-not-kept"
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(problems.join(" "))
    this.name = "NotKept"
    this.problems = problems
  }
}

const dead = ["invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed", "org_login_required"]
/** Whether Slack takes a token. Null is none. */
export async function lives(token: string | null, base: WebClientOptions): Promise<"yes" | "no"> {
  if (token === null) return "no"
  try {
    await new WebClient(token, once(base, controlTimeoutMs)).auth.test()
    return "yes"
  } catch (fault) {
    if (dead.includes(errorOf(fault) ?? "")) return "no"
    throw fault
  }
}
/** Never fails: if Slack does not take it back just now, it is forgotten here all the same. */
export async function giveBack(token: string, base: WebClientOptions): Promise<void> {
  await new WebClient(token, once(base, controlTimeoutMs)).auth.revoke().catch(() => undefined)
}
