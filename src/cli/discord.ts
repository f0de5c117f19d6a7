// `countersign discord invite` and `countersign discord check`: how the bot comes into a server, and what it lacks there, each with its
// cure. Asks Discord; changes nothing there.
import { loadConfig } from "../config.ts"
import { createLog } from "../log.ts"
import { type ExitCode, exit, type Printer } from "./print.ts"
import type { Wiring } from "./wiring.ts"

const off = "Discord is off. Set DISCORD_TOKEN to turn it on: docs/discord.md leads through it."

export async function discordInvite(wiring: Wiring, out: Printer): Promise<ExitCode> {
  const checked = await asked(wiring)
  if (checked !== null && checked.invite !== null) {
    out.say({ event: "discord-invite", url: checked.invite }, `Open this as somebody who may add apps to the server:\n  ${checked.invite}`)
    return exit.done
  }
  const problems = checked?.problems ?? [off]
  out.say({ event: "discord-invite", url: null, problems }, problems.join("\n"))
  return exit.no
}

export async function discordCheck(wiring: Wiring, out: Printer): Promise<ExitCode> {
  const checked = await asked(wiring)
  if (checked === null) {
    out.say({ event: "discord", problems: [off], seen: [] }, off)
    return exit.no
  }
  const { seen, problems } = checked
  const verdict =
    problems.length === 0 ? "Discord has what it needs." : problems.length === 1 ? "One thing is missing:" : `${problems.length} things are missing:`
  out.say({ event: "discord", problems, seen }, [...seen.map((s) => `  ${s}`), "", verdict, ...problems.map((p) => `  ${p}`)].join("\n"))
  return problems.length === 0 ? exit.done : exit.no
}
async function asked(wiring: Wiring) {
  const config = await loadConfig()
  return config.discord === null ? null : wiring.discordCheck(config.discord, createLog(config.logLevel))
}
