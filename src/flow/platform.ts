// The platform that a place belongs to, and what it says of its door. A request of a platform that no longer runs here waits
// until it does.
import type { Door } from "../core/door.ts"
import type { Platform } from "../core/ports.ts"
import { type Refusal, refuse } from "../core/refusals.ts"
import type { Parts } from "./parts.ts"

export function platformFor(parts: Parts, state: { readonly place: { readonly platform: string } }): Platform {
  const platform = parts.platforms.get(state.place.platform)
  if (platform === undefined) throw new Error(`no platform "${state.place.platform}" runs here: its settings are missing`)
  return platform
}
/** The refusal of a shut door, with the way to open the widest of its stops as the platform at hand has it. */
export function stoppedAt(platform: Platform, door: Door): Refusal {
  const widest = door.shut[0]
  const { refused, words } = refuse("stopped")
  const how = widest === undefined ? undefined : platform.resumeBy?.(widest.scope)
  return { refused, words: how === undefined ? words : `${words} ${how}` }
}
