// `npm run bench`: the walk in the forum. `npm run bench -- slack`: the walk in Slack, beside bots on plain Bolt. Each has flags of its own.
if (process.argv[2] === "slack") {
  process.argv.splice(2, 1)
  await import("./slack.ts")
} else await import("./walk.ts")
