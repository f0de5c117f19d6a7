// A label's record for programs. Without membership: status, model, times, pseudonyms and ticks, nothing else.
import type { Instant } from "../../core/domain.ts"
import type { LabelRecord } from "./record.ts"

export interface Named {
  readonly names: readonly string[]
  readonly text: string | null
  readonly post: string | null
  /** What the place is called. */
  readonly title: string | null
  /** What the person who took it back said beside the reason. */
  readonly retraction: string | null
  /** What readers reported, oldest first; null: without words, or erased. Who they are is not said. */
  readonly reports: readonly { readonly at: Instant; readonly why: string | null }[]
}
export function labelJson(record: LabelRecord, member: Named | null): Record<string, unknown> {
  const { claims, state, ticks } = record
  const seconds = (ms: number) => Math.floor(ms / 1000)
  return {
    jti: claims.jti,
    status: record.status,
    iss: claims.iss,
    dst: claims.dst,
    gen: claims.gen,
    rev: claims.rev,
    posted_at: seconds(state.postedAt),
    ...(state.at === "posted" ? {} : { retracted_at: seconds(state.changedAt), reason: state.reason }),
    checks: ticks,
    jws: `${claims.url}.jws`,
    jwks: `${claims.iss}/.well-known/jwks.json`,
    ...(member === null
      ? {}
      : {
          approved_by: member.names,
          text: member.text,
          post: member.post,
          retraction: member.retraction,
          reports: member.reports.map(({ at, why }) => ({ at: seconds(at), why })),
        }),
  }
}
