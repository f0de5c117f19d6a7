// How Slack's ids stand in the product's words, both ways. Whatever does not read back is null, never guessed.
import type { PersonId, Place, WorkspaceId } from "../../src/core/domain.ts"

/** `slack:T0123`: the workspace in which the app is installed, also for people and channels that it shares with others. */
export function workspaceOf(teamId: string): WorkspaceId {
  return `slack:${teamId}` as WorkspaceId
}
export function teamIdOf(workspace: WorkspaceId): string | null {
  return /^slack:([A-Z0-9]+)$/.exec(workspace)?.[1] ?? null
}

/** `slack:T0123/U0123`: a user as our workspace knows them. */
export function personOf(teamId: string, userId: string): PersonId {
  return `slack:${teamId}/${userId}` as PersonId
}
export function accountOf(person: PersonId): { readonly teamId: string; readonly userId: string } | null {
  const found = /^slack:([A-Z0-9]+)\/([A-Z0-9]+)$/.exec(person)
  return found?.[1] === undefined || found[2] === undefined ? null : { teamId: found[1], userId: found[2] }
}

/** A message: its channel and its timestamp, which Slack keeps unique within the channel. */
export interface MessageAt {
  readonly channel: string
  readonly ts: string
}
export function messageIdOf(at: MessageAt): string {
  return `${at.channel}:${at.ts}`
}
export function messageAt(id: string): MessageAt | null {
  const found = /^([A-Z0-9]+):(\d+\.\d+)$/.exec(id)
  return found?.[1] === undefined || found[2] === undefined ? null : { channel: found[1], ts: found[2] }
}

/** Slack names every conversation of two by this letter. */
export const isDirect = (channel: string): boolean => channel.startsWith("D")

export function placeOf(teamId: string, channel: string, thread: string | null): Place {
  return { platform: "slack", workspace: workspaceOf(teamId), channel, thread }
}
