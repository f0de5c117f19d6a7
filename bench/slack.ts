// `npm run bench -- slack`: what Countersign costs in Slack beside bots on plain Bolt, in one run and in turns. docs/bench.md says what
// each figure means. Judges nothing: a shared machine is too noisy for a verdict.
import { parseArgs } from "node:util"
import { beside, flagsOfAll } from "./beside.ts"
import { wordsOf } from "./bot-words.ts"
import { program } from "./process.ts"
import { type By, openTown, type SlackTown } from "./slack-town.ts"

const { values: flags } = parseArgs({
  options: {
    ...flagsOfAll,
    /** Events as signed requests; without it by Socket Mode. */
    http: { type: "boolean", default: false },
  },
})
const by: By = flags.http ? "http" : "socket"
const bare = (how: "asks" | "does not ask", durable: (folder: string) => string | null) => (town: SlackTown, folder: string) => [
  program("./bare-slack.ts"),
  JSON.stringify({ ...town.door, durable: durable(folder), asks: how === "asks" }),
]
const kept = (folder: string) => folder

const result = await beside<SlackTown>({
  flags,
  turn: 10,
  chatterEvery: 1,
  openTown: () => openTown(by),
  settings: ({ door }) => ({
    ...{ SLACK_BOT_TOKEN: door.botToken, SLACK_API_URL: door.apiUrl },
    ...(by === "socket" ? { SLACK_APP_TOKEN: door.appToken } : { SLACK_SIGNING_SECRET: door.signingSecret }),
  }),
  bare: { bare: bare("does not ask", () => null), durable: bare("does not ask", kept), "same calls": bare("asks", kept) },
  met: async (town, origin) => town.at(origin),
})
const words = () => wordsOf(result, by === "socket" ? "Socket Mode" : "HTTP", "Bolt")
process.stdout.write(`${flags.json ? JSON.stringify({ by, ...result }) : words()}\n`)
