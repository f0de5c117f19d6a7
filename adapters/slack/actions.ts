// The names by which clicks come back, and what they carry: which request, which digest, which workspace. Never a word of a draft.
// Everything that comes back is parsed here; whatever does not fit is null, never guessed.
import { z } from "zod"
import type { Digest, RequestId, WorkspaceId } from "../../src/core/domain.ts"

/** `action_id` of every button. */
export const actionIds = {
  review: "review",
  approve: "approve",
  edit: "edit",
  redraft: "redraft",
  discard: "discard",
  cancel: "cancel",
  resolvePosted: "resolve_posted",
  resolveNeverSeen: "resolve_never_seen",
  stop: "stop",
  resume: "resume",
  retract: "retract",
  report: "report",
  acted: "acted",
} as const
/** `callback_id` of every modal. */
export const viewIds = {
  review: "review_modal",
  edit: "edit_modal",
  redraft: "redraft_modal",
  report: "report_modal",
  retract: "retract_modal",
} as const

/** What a button or a modal is about. `digest` is the one that was on the card; null before there is a draft. */
export interface Click {
  readonly request: RequestId
  readonly digest: Digest | null
  readonly workspace: WorkspaceId
}
/** What a button or a modal about a post is about. */
export interface PostClick {
  /** `<channel>:<ts>`. */
  readonly post: string
  readonly workspace: WorkspaceId
}

const workspace = z.string().regex(/^slack:[A-Z0-9]{1,40}$/)
const click = z.strictObject({ r: z.string().min(1).max(200), d: z.string().min(1).max(200).nullable(), w: workspace })
const post = z.strictObject({ p: z.string().regex(/^[A-Z0-9]{1,40}:\d{1,20}\.\d{1,10}$/), w: workspace })

export function clickValue(c: Click): string {
  return JSON.stringify({ r: c.request, d: c.digest, w: c.workspace })
}
/** Of the stop switch: which workspace. */
export function workspaceValue(of: WorkspaceId): string {
  return JSON.stringify({ w: of })
}
export function readWorkspace(payload: unknown): WorkspaceId | null {
  const read = z.strictObject({ w: workspace }).safeParse(json(carriedBy(payload)))
  return read.success ? (read.data.w as WorkspaceId) : null
}
export function postValue(p: PostClick): string {
  return JSON.stringify({ p: p.post, w: p.workspace })
}

/** Of a `block_actions` payload, or of a modal's `view_submission`, `view_closed` or inner button. */
export function readClick(payload: unknown): Click | null {
  const read = click.safeParse(json(carriedBy(payload)))
  if (!read.success) return null
  return { request: read.data.r as RequestId, digest: read.data.d as Digest | null, workspace: read.data.w as WorkspaceId }
}
/** Of the blocks of a card: what its buttons are about. */
export function readClickIn(blocks: unknown): Click | null {
  const read = withButtons.safeParse(blocks)
  if (!read.success) return null
  for (const { value } of read.data.flatMap((b) => b.elements)) {
    const found = value === undefined ? null : readClick({ actions: [{ value }] })
    if (found !== null) return found
  }
  return null
}
export function readPostClick(payload: unknown): PostClick | null {
  const read = post.safeParse(json(carriedBy(payload)))
  return read.success ? { post: read.data.p, workspace: read.data.w as WorkspaceId } : null
}

const clicked = z.looseObject({ actions: z.array(z.looseObject({ value: z.string().max(2_000) })).length(1) })
const withButtons = z.array(z.looseObject({ elements: z.array(z.looseObject({ value: z.string().optional() })).default([]) }))
const inView = z.looseObject({ view: z.looseObject({ private_metadata: z.string().max(3_000) }) })
function carriedBy(payload: unknown): string | null {
  const button = clicked.safeParse(payload)
  if (button.success) return button.data.actions[0]?.value ?? null
  const view = inView.safeParse(payload)
  return view.success ? view.data.view.private_metadata : null
}
function json(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}
