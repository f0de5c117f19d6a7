// Counts what Discord calls invalid: answers 401, 403 and 429. At 10,000 within ten minutes Discord bars the whole machine's address,
// and at the first 401 the token is dead. Both end here: what would make it worse is not sent. Wraps every request of every client.
import { DefaultRestOptions, type RESTOptions } from "discord.js"
import { type Clock, type Log, PlatformBusy } from "../../src/core/ports.ts"

type Send = RESTOptions["makeRequest"]
const windowMs = 10 * 60_000
// Discord bars at 10,000. What is left is for a restart that begins to count anew.
export const mostInvalid = 9_000
const warnEvery = 1_000

/** Discord took the token back. No request is sent any more until somebody sets another and starts again. */
export class TokenDead extends Error {
  readonly code = "discord-token-dead"
  constructor() {
    super("Discord does not accept the token: make a new one under Bot in the developer portal, set DISCORD_TOKEN, and start again")
    this.name = "TokenDead"
  }
}

export interface Budget {
  readonly makeRequest: Send
}
export function budget(clock: Pick<Clock, "now">, log: Log, send: Send = DefaultRestOptions.makeRequest): Budget {
  let since = clock.now()
  let invalid = 0
  let token: "alive" | "dead" = "alive"
  const left = () => {
    if (clock.now() - since >= windowMs) {
      since = clock.now()
      invalid = 0
    }
    return mostInvalid - invalid
  }
  return {
    async makeRequest(url, init) {
      if (token === "dead") throw new TokenDead()
      if (left() <= 0) throw new PlatformBusy(since + windowMs - clock.now())
      const answer = await send(url, init)
      if (answer.status === 401 && authorized(init)) {
        token = "dead"
        log.error({}, new TokenDead().message)
      }
      if ([401, 403, 429].includes(answer.status)) {
        invalid += 1
        if (invalid % warnEvery === 0)
          log.warn({ invalid, most: mostInvalid }, "Discord refused many requests; at 10,000 within ten minutes it bars this machine")
      }
      return answer
    },
  }
}
/** Calls by an interaction's token carry none of ours, and say nothing about it. */
function authorized(init: Parameters<Send>[1]): boolean {
  return new Headers(init.headers as Record<string, string> | undefined).has("authorization")
}
