// Emoji as signs, whichever way a text has them: 🚀 and `:rocket:` read the same. Slack stores an emoji by its name wherever it
// stands, in code, too. Unknown names, such as a workspace's own emoji, stay as they are written. Skin tones are left out: Slack
// moves them to the end of a sequence.
import { emojiNames } from "./emoji-names.ts"

interface Names {
  readonly signOf: ReadonlyMap<string, string>
  readonly nameOf: ReadonlyMap<string, string>
}
let table: Names | null = null
/** Made at first use: who verifies web pages never needs it. */
function names(): Names {
  if (table !== null) return table
  const [signOf, nameOf] = [new Map<string, string>(), new Map<string, string>()]
  for (const entry of emojiNames.trim().split(/\s+/)) {
    const [all = "", codes = ""] = entry.split("=")
    const sign = String.fromCodePoint(...codes.split("-").map((code) => Number.parseInt(code, 16)))
    for (const name of all.split(",")) {
      signOf.set(name, sign.replace(tones, ""))
      if (!nameOf.has(bare(sign))) nameOf.set(bare(sign), name)
    }
  }
  table = { signOf, nameOf }
  return table
}
const tones = /[\u{1F3FB}-\u{1F3FF}]/gu
/** `\p{RGI_Emoji}|\p{Emoji}\u{FE0F}?`, but quick where no emoji can begin: in ASCII only a keycap does, and nothing up to U+00A8. */
export const emojiSigns = /[0-9#*]\u{FE0F}\u{20E3}|(?=[\u{A9}-\u{10FFFF}])(?:\p{RGI_Emoji}|\p{Emoji}\u{FE0F}?)/gv
const bare = (sign: string) => sign.replaceAll("\uFE0F", "")

export function withEmoji(text: string): string {
  const { signOf, nameOf } = names()
  // By name first, as Slack does: after a colon and a word, the name of the next emoji could end another (`:ok🚀`).
  const named = text.replace(tones, "").replace(emojiSigns, (sign) => {
    const name = nameOf.get(bare(sign))
    return name === undefined ? sign : `:${name}:`
  })
  return named.replace(/:([a-z0-9_+'-]+):/g, (whole, name: string) => signOf.get(name) ?? whole)
}
