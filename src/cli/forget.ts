// `countersign forget <person>`: their words and name are erased everywhere; the chain of digests stays and still verifies.
import type { PersonId } from "../core/domain.ts"
import type { Ledger } from "../core/ports.ts"
import { openBeside } from "./beside.ts"
import { type ExitCode, exit, type Printer } from "./print.ts"
import type { Wiring } from "./wiring.ts"

// A name may hold a colon, too: only what begins like an account of a platform is one.
const account = /^(forum|slack|discord|cli):\S+$/

/** `who`: an account, or the name of somebody who asked for drafts here. */
export async function forget(who: string, wiring: Wiring, out: Printer): Promise<ExitCode> {
  const opened = await openBeside(wiring)
  try {
    const found = account.test(who) ? [who as PersonId] : await named(opened.ledger, who)
    const [person] = found
    if (person === undefined || found.length > 1) {
      const words =
        person === undefined
          ? `Nobody called "${who}" asked for a draft here. Name their account with its platform, forum:… or slack:…; the forum’s admins see accounts on the People page.`
          : `${found.length} people are called "${who}". Name the account: ${found.join(" or ")}.`
      if (out.format === "json") out.say({ error: "which-person", accounts: found, words }, words)
      else process.stderr.write(`${words}\n`)
      return exit.unclear
    }
    const { requests, bodies, workspaces, left } = await opened.forget(person)
    const open = left.length === 0 ? "" : ` Being posted just now, so not yet erased: ${left.join(", ")}. Run this again in a minute.`
    out.say(
      { forgotten: person, requests, bodies, workspaces, left },
      // An account that nobody has looks the same from here: the platform alone would know.
      workspaces === 0
        ? `${person} never acted in the ledger, so nothing was erased there. What their platform kept of them is gone; if you do not know them, check the spelling.`
        : `Forgot ${person}: ${bodies} texts of ${requests} requests, and the name.${open}`,
    )
    return left.length === 0 ? exit.done : exit.unclear
  } finally {
    await opened.close()
  }
}
async function named(ledger: Ledger, name: string): Promise<readonly PersonId[]> {
  const askers = [...new Set((await ledger.heads({})).map((h) => h.person))]
  const people = await Promise.all(askers.map((who) => ledger.person(who)))
  return [...new Set(people.flatMap((p) => (p !== null && p.name.toLowerCase() === name.toLowerCase() ? [p.person] : [])))]
}
