// `npm run bench`: the walk in the forum. `npm run bench -- slack`: in Slack, beside bots on plain Bolt. `npm run bench -- discord`: in
// Discord, beside bots on plain discord.js. Each has flags of its own.
const where = process.argv[2]
if (where === "slack" || where === "discord") {
  process.argv.splice(2, 1)
  await (where === "slack" ? import("./slack.ts") : import("./discord.ts"))
} else await import("./walk.ts")
