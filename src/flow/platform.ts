// The platform that a place belongs to. A request of a platform that no longer runs here waits until it does.
import type { Platform } from "../core/ports.ts"
import type { Parts } from "./parts.ts"

export function platformFor(parts: Parts, state: { readonly place: { readonly platform: string } }): Platform {
  const platform = parts.platforms.get(state.place.platform)
  if (platform === undefined) throw new Error(`no platform "${state.place.platform}" runs here: its settings are missing`)
  return platform
}
