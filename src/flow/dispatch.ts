// Read this first. What happens next is decided by the state alone: core/derive names the step, this table does it.
// A step reads, decides once, appends, and calls no other step.

import type { Step } from "../core/derive.ts"
import type { Live, StateAt } from "../core/fold.ts"
import { unreachable } from "../core/unreachable.ts"
import { draft } from "./draft.ts"
import { expire, remind } from "./expire.ts"
import type { Parts } from "./parts.ts"
import { post } from "./post.ts"
import type { Progress } from "./propose.ts"
import { reconcile } from "./reconcile.ts"
import { retract } from "./retract.ts"
import { type ProgressBoard, show } from "./review.ts"
import type { Stepped } from "./stream.ts"

export interface AtWork {
  /** Aborted by a stop, a cancel or a shutdown. */
  readonly signal: AbortSignal
  readonly onProgress: Progress
  readonly progress: ProgressBoard
}

export function dispatch(parts: Parts, step: Step, state: Live, work: AtWork): Promise<Stepped> {
  switch (step) {
    case "draft":
      return draft(parts, state as StateAt<"asked" | "reworking">, work.signal, work.onProgress)
    case "show":
      return show(parts, state, work.progress)
    case "post":
      return post(parts, state as StateAt<"approved">, work.signal)
    case "reconcile":
      return reconcile(parts, state as StateAt<"posting" | "unclear">)
    case "remind":
      return remind(parts, state as StateAt<"drafted">)
    case "expire":
      return expire(parts, state as StateAt<"drafted" | "refused">)
    case "retract":
      return retract(parts, state as StateAt<"retracting">)
    default:
      return unreachable(step)
  }
}
