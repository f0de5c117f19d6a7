// `countersign slack check`: what Slack needs and does not have, in words, each with its cure. Asks Slack; changes nothing there.
import { loadConfig } from "../config.ts"
import { createLog } from "../log.ts"
import { type ExitCode, exit, type Printer } from "./print.ts"
import type { Wiring } from "./wiring.ts"

const off = "Slack is off. Set SLACK_BOT_TOKEN and SLACK_APP_TOKEN to turn it on: docs/slack.md leads through it."

export async function slackCheck(wiring: Wiring, out: Printer): Promise<ExitCode> {
  const config = await loadConfig()
  if (config.slack === null) {
    out.say({ event: "slack", problems: [off], seen: [] }, off)
    return exit.no
  }
  const { seen, problems } = await wiring.slackCheck(config.slack, createLog(config.logLevel))
  const verdict =
    problems.length === 0
      ? "Nothing is missing that can be seen from here."
      : problems.length === 1
        ? "One thing is missing:"
        : `${problems.length} things are missing:`
  out.say({ event: "slack", problems, seen }, [...seen.map((s) => `  ${s}`), "", verdict, ...problems.map((p) => `  ${p}`)].join("\n"))
  return problems.length === 0 ? exit.done : exit.no
}
