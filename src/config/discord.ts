// The settings of Discord, judged together: as whom, at which address, and with how much of what people write.

/** Null: Discord is off. */
export type DiscordConfig = null | {
  readonly token: string
  /** Null: Discord's own. Without a slash at the end. */
  readonly apiUrl: string | null
  readonly messageContent: "on" | "off"
}
export interface DiscordVariables {
  readonly DISCORD_TOKEN?: string | undefined
  readonly DISCORD_API_URL?: string | undefined
  readonly DISCORD_MESSAGE_CONTENT?: "on" | "off" | undefined
  readonly COUNTERSIGN_ORIGIN?: string | undefined
}

export function discordOf(e: DiscordVariables): DiscordConfig {
  if (e.DISCORD_TOKEN === undefined) return null
  return {
    token: e.DISCORD_TOKEN,
    apiUrl: e.DISCORD_API_URL?.replace(/\/+$/, "") ?? null,
    messageContent: e.DISCORD_MESSAGE_CONTENT ?? "off",
  }
}
/** A stand-in may have tokens of another form, and take other addresses. */
function ofDiscordItself(token: string, origin: string | undefined): string[] {
  const problems: string[] = []
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token))
    problems.push("DISCORD_TOKEN is not the token of a bot. It has three parts with dots between them; it stands in the developer portal under Bot.")
  // Every post has a button with the label's address, so that all of them would be refused.
  if (origin !== undefined && !/[.:]/.test(new URL(origin).hostname))
    problems.push(
      `COUNTERSIGN_ORIGIN is "${origin}". Discord takes no link to a name without a dot: give the whole name, or an address like http://127.0.0.1:3000.`,
    )
  return problems
}

/** Problems of variables that are fine one by one. */
export function discordProblems(e: DiscordVariables): string[] {
  if (e.DISCORD_TOKEN !== undefined) return e.DISCORD_API_URL === undefined ? ofDiscordItself(e.DISCORD_TOKEN, e.COUNTERSIGN_ORIGIN) : []
  const without = (["DISCORD_API_URL", "DISCORD_MESSAGE_CONTENT"] as const).filter((name) => e[name] !== undefined)
  return without.map((name) => `${name} is set while Discord is off. Set DISCORD_TOKEN too, or remove it.`)
}
