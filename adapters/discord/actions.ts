// The names by which clicks come back (`custom_id`, at most 100 characters), and what they carry: which server, which request, which
// digest, which label. Never a word of a draft. Everything that comes back is parsed here; whatever does not fit is null.
import { z } from "zod"
import type { Card, CardAct } from "../../src/core/card.ts"
import type { Digest, LabelId, RequestId, WorkspaceId } from "../../src/core/domain.ts"
import { guildIdOf, workspaceOf } from "./ids.ts"

/** On cards, and of the modals that they open. */
export const cardActs = [
  "approve",
  /** Approve, where each thing to check was ticked in this very message. */
  "approve_checked",
  /** The ticks. */
  "acknowledge",
  "edit",
  "redraft",
  "discard",
  "cancel",
  "resolve_posted",
  "resolve_never_seen",
  "review",
] as const
/** On posts, and of the modals that they open. */
export const postActs = ["report", "acted", "retract"] as const
/** The switch of a whole server. */
export const switchActs = ["stop", "resume"] as const
type CardClickAct = (typeof cardActs)[number]
type PostClickAct = (typeof postActs)[number]
type SwitchAct = (typeof switchActs)[number]

/** `digest`: the first characters of the one that was on the card; null before there is a draft. See {@link stillOn}. */
export interface CardClick {
  readonly on: "card"
  readonly act: CardClickAct
  readonly workspace: WorkspaceId
  readonly request: RequestId
  readonly digest: string | null
}
export interface PostClick {
  readonly on: "post"
  readonly act: PostClickAct
  readonly label: LabelId
}
export interface SwitchClick {
  readonly on: "server"
  readonly act: SwitchAct
  readonly workspace: WorkspaceId
}
export type Click = CardClick | PostClick | SwitchClick

export const buttonOf: Record<Exclude<CardAct, "approve">, CardClickAct> = {
  edit: "edit",
  redraft: "redraft",
  decline: "discard",
  cancel: "cancel",
  "resolve-posted": "resolve_posted",
  "resolve-never-seen": "resolve_never_seen",
}

// 132 bits of the digest: enough to tell revisions of one request apart, and an id of 100 characters holds it.
const digestChars = 22
const none = "-"

export function cardId(act: CardClickAct, card: Pick<Card, "workspace" | "request" | "draft">): string {
  const digest = card.draft === null ? none : card.draft.digest.slice(0, digestChars)
  return [act, guildIdOf(card.workspace) ?? none, card.request, digest].join(":")
}
export function postId(act: PostClickAct, label: LabelId): string {
  return `${act}:${label}`
}
export function switchId(act: SwitchAct, workspace: WorkspaceId): string {
  return `${act}:${guildIdOf(workspace) ?? none}`
}

const guild = z.string().regex(/^\d{15,20}$/)
const request = z.string().regex(/^[\w-]{1,40}$/)
const digest = z.string().regex(/^(?:-|[\w-]{22})$/)
const ulid = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
const shapes = [
  z.tuple([z.enum(cardActs), guild, request, digest]).transform(
    ([act, g, r, d]): Click => ({
      on: "card",
      act,
      workspace: workspaceOf(g),
      request: r as RequestId,
      digest: d === none ? null : d,
    }),
  ),
  z.tuple([z.enum(postActs), ulid]).transform(([act, label]): Click => ({ on: "post", act, label: label as LabelId })),
  z.tuple([z.enum(switchActs), guild]).transform(([act, g]): Click => ({ on: "server", act, workspace: workspaceOf(g) })),
] as const

/** Of a component's or a modal's `custom_id`. */
export function readClick(customId: unknown): Click | null {
  if (typeof customId !== "string" || customId.length > 100) return null
  const parts = customId.split(":")
  for (const shape of shapes) {
    const read = shape.safeParse(parts)
    if (read.success) return read.data
  }
  return null
}
/** The whole digest, if the card is still the one that was clicked on; null: it changed since. */
export function stillOn(card: Pick<Card, "draft">, click: CardClick): Digest | null {
  const now = card.draft?.digest ?? null
  return now !== null && click.digest !== null && now.startsWith(click.digest) ? now : null
}
