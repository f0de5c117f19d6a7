// The label as a Slack message carries it: flat, and small, since Slack publishes no limit and refuses the whole call above it.
import type { AttemptId } from "../../src/core/domain.ts"
import type { Label } from "../../src/label/claims.ts"
import { slackLabelEvent } from "../../src/label/read/slack.ts"

const maxBytes = 900

export interface LabelMetadata {
  readonly event_type: string
  readonly event_payload: Record<string, string>
}
/** Without its least needed parts when it would be too large: what they say stands in the signed label, too. */
export function metadataOf(label: Label, attempt: AttemptId): LabelMetadata {
  const { jti, dst, aid, url, ctx } = label.claims
  const needed = { jws: label.mini, jti, attempt, url, ws: ctx.ws }
  const full = { event_type: slackLabelEvent, event_payload: { ...needed, dst, aid } }
  return bytes(full) <= maxBytes ? full : { event_type: slackLabelEvent, event_payload: needed }
}
const bytes = (metadata: LabelMetadata) => Buffer.byteLength(JSON.stringify(metadata))
