// A message from a chat platform carries the mini label only. The whole one is asked of the issuer, once its signature is good, and
// the text compared with it.
import type { Claims } from "../label/claims.ts"
import { type Invalid, invalid, type Verdict } from "../label/verdict.ts"
import { type Expected, verifyLabel, verifyMini } from "../label/verify.ts"
import { CouldNotAsk } from "./verify-fetch.ts"
import type { Issuers } from "./verify-issuer.ts"

export interface MiniFound {
  readonly mini: string | null
  readonly expect: Expected
}

/** Rejects with {@link CouldNotAsk}. */
export async function checkMini({ mini, expect }: MiniFound, issuers: Issuers): Promise<Verdict<Claims>> {
  if (mini === null) return invalid("no-label", null)
  const { ctx } = expect
  const small = await verifyMini(mini, { expect: ctx === undefined ? {} : { ctx }, keysOf: issuers.keysOf })
  if ("invalid" in small) return { ...small, claims: null } satisfies Invalid<Claims>
  const { iss, jti, dig } = small.valid
  const page = await issuers.label({ iss, jti })
  if (page === null) return invalid("not-issued", null)
  const full = await verifyLabel(page, { expect, keysOf: issuers.keysOf, status: issuers.status })
  const claims = "valid" in full ? full.valid : full.claims
  // The issuer's own page must be of the label that the message carries.
  if (claims !== null && (claims.jti !== jti || claims.dig.vis !== dig.vis)) throw new CouldNotAsk(`${iss}/l/${jti} answers with another label.`)
  return full
}
