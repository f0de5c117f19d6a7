// Verifies the posts of a page as a stranger would: from the markup alone, with the published key.
import { readHtml } from "../../src/label/read/html.ts"
import { verifyLabel } from "../../src/label/verify.ts"
import type { House } from "./house.ts"

/** "valid", or the first reason why not; "no post" when the page has none. */
export async function verifyPosts(house: House, page: string): Promise<string> {
  const posts = readHtml(page)
  if (posts.length === 0) return "no post"
  for (const post of posts) {
    if (post.jws === null || post.ctx === null) return "no label"
    const { keyId, publicKey } = house.labelKey
    const { kty, crv, x, y } = publicKey as Required<JsonWebKey>
    const keysOf = () => ({ keys: [{ kty, crv, x, y, kid: keyId }] })
    const verdict = await verifyLabel(post.jws, { expect: { text: { whole: post.whole }, ctx: post.ctx }, keysOf })
    if ("invalid" in verdict) return verdict.invalid
  }
  return "valid"
}
