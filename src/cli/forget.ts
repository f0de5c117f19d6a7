// `countersign forget <person>`: their words and name are erased everywhere; the chain of digests stays and still verifies.
import type { PersonId } from "../core/domain.ts"
import { openBeside } from "./beside.ts"
import { type ExitCode, exit, type Printer } from "./print.ts"
import type { Wiring } from "./wiring.ts"

export async function forget(person: string, wiring: Wiring, out: Printer): Promise<ExitCode> {
  if (!/^[a-z]+:.+$/.test(person)) {
    process.stderr.write("Name the account with its platform, as the people page shows it: forum:01J….\n")
    return exit.unclear
  }
  const opened = await openBeside(wiring)
  try {
    const { requests, bodies } = await opened.forget(person as PersonId)
    out.say({ forgotten: person, requests, bodies }, `Forgot ${person}: ${bodies} texts of ${requests} requests, and the name.`)
    return exit.done
  } finally {
    await opened.close()
  }
}
