// Words into Discord's Markdown so that they are shown as they are: nothing in them is a mark, a mention, an emoji, a link or an
// invitation. A backslash does it everywhere but in code and in addresses, which are made here and nowhere else.
import { normaliseVis } from "../../src/label/vis.ts"

/** Anywhere in a line. What counts only at its beginning: {@link lineSafe}. */
export function escaped(text: string): string {
  return (
    text
      // Other ends of line than Discord's own would begin a line for some of its readers only.
      .replace(/[\v\f\u0085\u2028\u2029]/g, " ")
      .replace(/[\\*_~`|<@[]/g, "\\$&")
      // `:name:` is an emoji, `scheme://` a link; what comes next may be an address with a colon of its own.
      .replace(/:(?=\S|$)/g, "\\:")
      .replace(ownHost, (host) => host.replace(".", "\\."))
  )
}
/** Discord makes cards of invitations, gifts and events, wherever it finds their address. */
const ownHost = /(?:discord(?:app)?\.(?=com|gg|gift|new|media)|dis\.(?=gd))/gi

/** A source line: headings, quotes, lists and small print begin with these. */
export function lineSafe(line: string): string {
  return line.replace(/^(\s*)(?=[#>+-])/, "$1\\").replace(/^(\s*\d+)(?=[.)])/, "$1\\")
}

/** Words that are shown as they are, line by line. */
export function plainSource(words: string): string {
  return words
    .split("\n")
    .map((line) => lineSafe(escaped(line)))
    .join("\n")
}

// A message has 2,000 characters; a text with longer addresses is not for reading.
const maxUrl = 1_000
/** As it stands between `<` and `>`; null for what is no address that people should follow from here. */
export function address(url: string): string | null {
  const parsed = /^https?:\/\//i.test(url) && url.length <= maxUrl ? URL.parse(url) : null
  // A name before `@` poses as the host: https://docs.example@evil.example
  if (parsed === null || parsed.username !== "" || parsed.password !== "") return null
  if (leadsToDiscord(url) && !/^https:\/\/discord\.com\/channels\/\d+(\/\d+){1,2}$/.test(url)) return null
  return url.replace(/[\s<>`|\\*"]/gu, (c) => encodeURIComponent(c))
}
function leadsToDiscord(url: string): boolean {
  ownHost.lastIndex = 0
  return ownHost.test(url)
}

/** A link is its words and its address, both for all to see. Only a bare one is the address alone. */
export function linkForm(label: string, url: string): "bare" | "with-words" | "dead" {
  if (address(url) === null) return "dead"
  const seen = normaliseVis(label)
  return seen === "" || same(seen, url) ? "bare" : "with-words"
}
function same(label: string, url: string): boolean {
  const bare = (text: string) =>
    decoded(
      text
        .toLowerCase()
        .replace(/^https?:\/\//, "")
        .replace(/\/$/, ""),
    )
  return bare(label) === bare(url)
}
function decoded(text: string): string {
  try {
    return decodeURI(text)
  } catch {
    return text
  }
}
export function link(label: string, url: string): string {
  const words = escaped(oneLine(label))
  const target = address(url) ?? url
  switch (linkForm(label, url)) {
    case "bare":
      return `<${target}>`
    case "with-words":
      return `${words} (<${target}>)`
    case "dead":
      return words === "" ? escaped(url) : `${words} (${escaped(url)})`
  }
}
/** What a reader sees of it. */
export function linkSeen(label: string, url: string): string {
  const words = oneLine(label)
  const target = address(url) ?? url
  return words === "" || linkForm(label, url) === "bare" ? target : `${words} (${target})`
}
const oneLine = (label: string) => label.replace(/\s+/gu, " ").trim()
