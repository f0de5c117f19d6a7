// The command line: names, flags and help. What a command does is in its own file, loaded when it is called.
// Exit codes: 0 done, 1 no or failed, 2 could not tell or not understood.
import { readFileSync } from "node:fs"
import { Command, CommanderError } from "commander"
import { type ExitCode, exit, printer, wordsOfFault } from "./print.ts"
import type { Wiring } from "./wiring.ts"

interface Flags {
  readonly json?: true
}
const asJson = ["--json", "for programs: one JSON object a line"] as const
const version: string = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")).version

/** `argv` without node and script. Never throws: whatever goes wrong is a sentence on stderr and an exit code. */
export async function run(argv: readonly string[], wiring: Wiring): Promise<ExitCode | number> {
  let code: number = exit.done
  const program = build(wiring, (c) => {
    code = c
  })
  try {
    // Not commander's default command: a misspelt one would be taken for an argument of `start`.
    await program.parseAsync(argv.length === 0 ? ["start"] : [...argv], { from: "user" })
    return code
  } catch (fault) {
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? exit.done : exit.unclear
    process.stderr.write(`${wordsOfFault(fault)}\n`)
    return exit.no
  }
}

function build(wiring: Wiring, done: (code: number) => void): Command {
  const program = new Command("countersign")
    .description("A model drafts, a person countersigns, everyone can check.")
    .version(version)
    .exitOverride()
    .showHelpAfterError('Run "countersign --help" to see what there is.')
    .addHelpText("after", "\nExit codes: 0 done, 1 no or failed, 2 could not tell or not understood.")
  const out = (flags: Flags) => printer(flags.json === true ? "json" : "words")

  program
    .command("start")
    .description("start the server and print where it is; what happens without a command")
    .option(...asJson)
    .action(async (flags: Flags) => done(await (await import("./start.ts")).start(wiring, out(flags), version)))
  program
    .command("demo")
    .description("run the whole walk against a private server, then check the label of the post")
    .option(...asJson)
    .action(async (flags: Flags) => done(await (await import("./demo.ts")).demo(out(flags))))
  program
    .command("verify")
    .description("check the label of a post: an address, a file, or - for what is piped in")
    .argument("<url|file|->", "a post's or label's address, a saved page, or a label itself")
    .option("--issuer <origin...>", "trust labels of this issuer too")
    .option(...asJson)
    .action(async (input: string, flags: Flags & { readonly issuer?: string[] }) =>
      done(await (await import("./verify-command.ts")).verify(input, flags.issuer ?? [], out(flags))),
    )
  const audit = program.command("audit").description("check the ledger against itself and its checkpoints")
  audit
    .command("verify")
    .description("check every entry, text, approval and checkpoint; names the first entry that disagrees")
    .option(...asJson)
    .action(async (flags: Flags) => done(await (await import("./audit.ts")).auditVerify(wiring, out(flags))))
  audit
    .command("rebuild")
    .description("make the derived tables again from the entries")
    .option(...asJson)
    .action(async (flags: Flags) => done(await (await import("./audit.ts")).auditRebuild(wiring, out(flags))))
  const scoped = (name: string, description: string) =>
    program
      .command(name)
      .description(description)
      .option("--workspace <id>", "one workspace only, for example forum; without it everything")
      .option("--place <id>", "one place of that workspace only: a topic, a channel")
      .option(...asJson)
  scoped("stop", "stop posting, now: works beside a running server and without one")
    .option("--why <words>", "the reason, which everyone sees")
    .action(async (flags) => done(await (await import("./stop.ts")).stop(wiring, flags, out(flags))))
  scoped("resume", "let posting go on; releases nothing that was approved before the stop").action(async (flags) =>
    done(await (await import("./stop.ts")).resume(wiring, flags, out(flags))),
  )
  program
    .command("status")
    .description("what is stopped, what waits for whom, how much is in the ledger")
    .option(...asJson)
    .action(async (flags: Flags) => done(await (await import("./status.ts")).status(wiring, out(flags))))
  program
    .command("forget")
    .description("erase a person's words and name; the log still verifies")
    .argument("<person>", "their account (forum:…), or the name of somebody who asked for drafts")
    .option(...asJson)
    .action(async (person: string, flags: Flags) => done(await (await import("./forget.ts")).forget(person, wiring, out(flags))))
  const slack = program.command("slack").description("Slack's side of the settings")
  slack
    .command("check")
    .description("say what Slack lacks: tokens, scopes, Socket Mode, channels; changes nothing")
    .option(...asJson)
    .action(async (flags: Flags) => done(await (await import("./slack.ts")).slackCheck(wiring, out(flags))))
  const discord = program.command("discord").description("Discord's side of the settings")
  discord
    .command("invite")
    .description("print the link that adds the bot to a server, with the least permissions")
    .option(...asJson)
    .action(async (flags: Flags) => done(await (await import("./discord.ts")).discordInvite(wiring, out(flags))))
  discord
    .command("check")
    .description("say what Discord lacks: the token, intents, servers, permissions in channels; changes nothing")
    .option(...asJson)
    .action(async (flags: Flags) => done(await (await import("./discord.ts")).discordCheck(wiring, out(flags))))
  const all = [program, ...program.commands, ...audit.commands, ...slack.commands, ...discord.commands]
  for (const command of all) command.exitOverride().showSuggestionAfterError()
  return program
}
