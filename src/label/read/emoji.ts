// `:rocket:` -> 🚀, by Slack's names. Unknown names, such as a workspace's own emoji, stay as they are written.
import { emojiNames } from "./emoji-names.ts"

let table: ReadonlyMap<string, string> | null = null
/** Made at first use: who verifies web pages never needs it. */
function byName(): ReadonlyMap<string, string> {
  table ??= new Map(
    emojiNames
      .trim()
      .split(/\s+/)
      .flatMap((entry) => {
        const [names = "", codes = ""] = entry.split("=")
        const emoji = String.fromCodePoint(...codes.split("-").map((code) => Number.parseInt(code, 16)))
        return names.split(",").map((name) => [name, emoji] as const)
      }),
  )
  return table
}

/** Also `:wave::skin-tone-3:`. In code, too: Slack stores an emoji by its name wherever it stands. */
export function withEmoji(text: string): string {
  return text.replace(/:([a-z0-9_+'-]+):/g, (whole, name: string) => byName().get(name) ?? whole)
}
