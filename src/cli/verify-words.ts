// What `countersign verify` tells people. Shows what the label says, never the post's text.
import type { Claims } from "../label/claims.ts"
import { isByModel } from "../label/verify.ts"
import type { Checked, VerifyResult } from "./verify.ts"

export function describe(result: VerifyResult): string {
  if (result.posts.length === 0) return `? Not checked: ${plain(result.why ?? "")}`
  const each = result.posts.map(words)
  if (each.length === 1) return each.join("")
  const valid = result.posts.filter((post) => "valid" in post).length
  return [...each, `${valid} of ${each.length} labelled posts are valid.`].join("\n\n")
}
function words(post: Checked): string {
  if ("unchecked" in post) return `? Not checked: ${plain(post.unchecked)}`
  const cure = "invalid" in post && post.invalid === "unknown-issuer" ? " If you trust it, say so with --issuer." : ""
  if ("invalid" in post)
    return [`✘ Not valid (${post.invalid}): ${plain(post.why)}${cure}`, ...(post.claims === null ? [] : [about(post.claims)])].join("\n")
  return [`✔ Valid. ${statement(post.valid)}`, about(post.valid), ...post.notes.map((n) => `  Note: ${n.words}`)].join("\n")
}
function statement({ gen, rev, ...claims }: Claims): string {
  const who = rev.by.length === 1 ? "one person" : `${rev.by.length} people`
  const edit = { none: "nobody edited it", minor: "a person edited it a little", substantive: "a person rewrote much of it" }[rev.edit]
  const by = isByModel({ gen, rev, ...claims })
    ? `A model (${plain(gen.mdl ?? "unnamed")}, ${plain(gen.prv)}) wrote the text`
    : "The text was quoted automatically"
  return `${by}; ${who} approved it on ${new Date(rev.at * 1000).toISOString().slice(0, 16).replace("T", " at ")} UTC; ${edit}.`
}
function about(claims: Claims): string {
  return `  Label ${claims.jti}, issued by ${claims.iss}`
}
/** Nothing that a terminal would act on. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, "")
}
