// Words into Slack's text objects. Whatever stands between `<` and `>` may be alive (a mention, a channel, a broadcast, a link):
// so nobody's words ever bring these characters in, and links are made here alone.
import { normaliseVis } from "../../src/label/vis.ts"

/** Slack's three: https://docs.slack.dev/messaging/formatting-message-text */
export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}

/** The program's own sentences, in which names may be escaped already: nothing in them is alive, and nothing is escaped twice. */
export function harmless(words: string): string {
  return words
    .replace(/&(?!(?:amp|lt|gt);)/g, "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
}

// Slack cuts nothing from a link, but refuses buttons' addresses beyond 3,000; a text with longer ones is not for reading.
const maxUrl = 2_000

/** `<address>` as Slack takes it; null for what is no address that people should follow from here. */
export function address(url: string): string | null {
  const parsed = /^(https?|mailto):/i.test(url) && url.length <= maxUrl ? URL.parse(url) : null
  // A name before `@` poses as the host: https://docs.example@evil.example
  if (parsed === null || parsed.username !== "" || parsed.password !== "") return null
  return url.replace(/[\s|<>`]/gu, (c) => encodeURIComponent(c))
}

/** How a link may be shown: its label may never look like another address. */
export function linkForm(label: string, url: string): "bare" | "labelled" | "address-shown" | "dead" {
  if (address(url) === null) return "dead"
  const seen = normaliseVis(label).normalize("NFKC").toLowerCase()
  if (seen === "" || same(seen, url.toLowerCase())) return "bare"
  return /[.。｡․]\p{L}{2}|:\/\/|\bwww\b|@/u.test(seen) ? "address-shown" : "labelled"
}
function same(label: string, url: string): boolean {
  const bare = (text: string) => text.replace(/^(https?:\/\/|mailto:)/, "").replace(/\/$/, "")
  return label === url || bare(label) === bare(url)
}

/** A link with a label from somewhere: a source's title, a model's words. */
export function link(label: string, url: string): string {
  const target = address(url)
  const words = escaped(label.replace(/\s+/gu, " ").trim())
  switch (linkForm(label, url)) {
    case "bare":
      return `<${escaped(target ?? url)}>`
    case "labelled":
      return `<${escaped(target ?? url)}|${words}>`
    case "address-shown":
      return `${words} (<${escaped(target ?? url)}>)`
    case "dead":
      return `${words} (${escaped(url)})`
  }
}
/** What a reader sees of it. */
export function linkSeen(label: string, url: string): string {
  const form = linkForm(label, url)
  const words = label.replace(/\s+/gu, " ").trim()
  if (form === "bare") return (address(url) ?? url).replace(/^mailto:/i, "mailto:")
  return form === "labelled" ? words : `${words} (${form === "dead" ? url : (address(url) ?? url)})`
}
