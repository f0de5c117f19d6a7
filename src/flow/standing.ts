// Who somebody is at the moment of their click. A platform that cannot say it now is a no in words, and nothing is changed: an old
// answer is never used for a decision. A stop has a rule of its own (stop.ts).
import type { PersonId, Place, Standing } from "../core/domain.ts"
import { type Platform, PlatformBusy } from "../core/ports.ts"
import { type Refusal, refuseBusy } from "../core/refusals.ts"

export async function standingOf(platform: Platform, person: PersonId, place: Place): Promise<Standing | Refusal> {
  return platform.mayAct(person, place, "decides").catch((fault: unknown) => {
    if (fault instanceof PlatformBusy) return refuseBusy(titled(platform.name), fault.retryAfterMs)
    throw fault
  })
}
const titled = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`
