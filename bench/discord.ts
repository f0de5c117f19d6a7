// `npm run bench -- discord`: what Countersign costs in Discord beside bots on plain discord.js, in one run and in turns. docs/bench.md
// says what each figure means. Judges nothing: a shared machine is too noisy for a verdict.
import { parseArgs } from "node:util"
import { menu } from "../adapters/discord/command-list.ts"
import { beside, flagsOfAll } from "./beside.ts"
import { wordsOf } from "./bot-words.ts"
import { type DiscordTown, openTown } from "./discord-town.ts"
import { program } from "./process.ts"

const { values: flags } = parseArgs({ options: flagsOfAll })
const bare = (how: "asks" | "does not ask", durable: (folder: string) => string | null) => (town: DiscordTown, folder: string) => [
  program("./bare-discord.ts"),
  JSON.stringify({ ...town.door, durable: durable(folder), asks: how === "asks", command: menu.draft }),
]
const kept = (folder: string) => folder

const result = await beside<DiscordTown>({
  flags,
  // Few in a row, and much chatter at a time: while the others walk, the 50 calls a second that Discord allows are free again.
  turn: 2,
  chatterEvery: 5,
  openTown,
  settings: ({ door }) => ({ DISCORD_TOKEN: door.token, DISCORD_API_URL: door.apiUrl }),
  met: (town) => town.met(),
  bare: { bare: bare("does not ask", () => null), durable: bare("does not ask", kept), "same calls": bare("asks", kept) },
})
process.stdout.write(`${flags.json ? JSON.stringify(result) : wordsOf(result, "Discord", "discord.js")}\n`)
