// Whether a request is Slack's: signed with our secret, over exactly these bytes, at a time that is about now.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto"
import type { IncomingHttpHeaders, IncomingMessage } from "node:http"

const mostMs = 5 * 60_000
const mostBytes = 4_000_000

/** In either direction. */
export function tooFarOff(header: string | readonly string[] | undefined, now: number): boolean {
  const seconds = typeof header === "string" && /^\d{1,12}$/.test(header) ? Number(header) : Number.NaN
  return !(Math.abs(seconds * 1000 - now) <= mostMs)
}

/** `secret`: never empty, or anybody could sign. */
export function signedBy(secret: string): (headers: IncomingHttpHeaders, body: Buffer) => boolean {
  if (secret.trim() === "") throw new Error("a signing secret is needed, and this one is empty")
  const key = createSecretKey(secret, "utf8")
  return (headers, body) => {
    const given = headers["x-slack-signature"]
    const at = headers["x-slack-request-timestamp"]
    if (typeof given !== "string" || typeof at !== "string" || !/^v0=[0-9a-f]{64}$/.test(given)) return false
    const ours = createHmac("sha256", key).update(`v0:${at}:`).update(body).digest()
    return timingSafeEqual(ours, Buffer.from(given.slice(3), "hex"))
  }
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer | "too-large" | "broken-off"> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > mostBytes) return "too-large"
      chunks.push(chunk)
    }
  } catch {
    return "broken-off"
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
}
