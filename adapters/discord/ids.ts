// How Discord's ids stand in the product's words, both ways. Whatever does not read back is null, never guessed.
import type { AttemptId, Instant, PersonId, Place, WorkspaceId } from "../../src/core/domain.ts"

const snowflake = "\\d{15,20}"

/** `discord:<server>`. */
export function workspaceOf(guildId: string): WorkspaceId {
  return `discord:${guildId}` as WorkspaceId
}
export function guildIdOf(workspace: WorkspaceId): string | null {
  return new RegExp(`^discord:(${snowflake})$`).exec(workspace)?.[1] ?? null
}

/** `discord:<server>/<user>`: a user as this server knows them. */
export function personOf(guildId: string, userId: string): PersonId {
  return `discord:${guildId}/${userId}` as PersonId
}
export function accountOf(person: PersonId): { readonly guildId: string; readonly userId: string } | null {
  const found = new RegExp(`^discord:(${snowflake})/(${snowflake})$`).exec(person)
  return found?.[1] === undefined || found[2] === undefined ? null : { guildId: found[1], userId: found[2] }
}

/** A message, and the channel or thread that it stands in. */
export interface MessageAt {
  readonly channel: string
  readonly message: string
}
export function messageIdOf(at: MessageAt): string {
  return `${at.channel}:${at.message}`
}
export function messageAt(id: string): MessageAt | null {
  const found = new RegExp(`^(${snowflake}):(${snowflake})$`).exec(id)
  return found?.[1] === undefined || found[2] === undefined ? null : { channel: found[1], message: found[2] }
}
/** Where one reads it; Discord's own address, whatever the API's is. */
export function urlOf(workspace: WorkspaceId, at: MessageAt): string | null {
  const guild = guildIdOf(workspace)
  return guild === null ? null : `https://discord.com/channels/${guild}/${at.channel}/${at.message}`
}

export function placeOf(guildId: string, channel: string, thread: string | null): Place {
  return { platform: "discord", workspace: workspaceOf(guildId), channel, thread }
}
/** Where words of this place stand: a thread is a channel of its own. */
export function roomOf(place: Place): string {
  return place.thread ?? place.channel
}

const epochMs = 1_420_070_400_000n
const oldestMs = 86_400_000n
/** The smallest id of that time: what lies after it is younger. */
export function snowflakeAt(at: Instant): string {
  const since = BigInt(Math.floor(at)) - epochMs
  // Discord takes no id shorter than its oldest ones.
  return (since < oldestMs ? oldestMs << 22n : since << 22n).toString()
}
export function instantOf(id: string): Instant {
  return Number((BigInt(id) >> 22n) + epochMs)
}

const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
/** An attempt as a nonce: its 16 bytes in 22 characters, of the 25 that Discord takes, so that it reads back. */
export function nonceOf(attempt: AttemptId): string {
  const value = [...attempt].reduce((sum, letter) => sum * 32n + BigInt(letters.indexOf(letter)), 0n)
  return Buffer.from(value.toString(16).padStart(32, "0"), "hex").toString("base64url")
}
/** Null: no nonce of ours. */
export function attemptOf(nonce: unknown): AttemptId | null {
  if (typeof nonce !== "string" || !/^[\w-]{22}$/.test(nonce)) return null
  let value = BigInt(`0x${Buffer.from(nonce, "base64url").toString("hex")}`)
  let ulid = ""
  for (let left = 26; left > 0; left -= 1) {
    ulid = `${letters[Number(value & 31n)]}${ulid}`
    value >>= 5n
  }
  return nonceOf(ulid as AttemptId) === nonce ? (ulid as AttemptId) : null
}
