// Web pages -> what a reader sees. `visibleHtml` is used when an answer is rendered and `readHtml` when a post is checked:
// both walk the same tree in the same way, so that they agree. The markup of a post is specified in docs/label.md.
// Hidden text counts as seen: only scripts, styles and comments are left out, so nothing can be smuggled past the hash.
import { parse, parseFragment, type DefaultTreeAdapterTypes as Tree } from "parse5"
import type { Claims } from "../claims.ts"

/** A labelled post as it stands on a page. */
export interface ReadPost {
  /** The signed label; null when the post claims a label and has none, or has two. */
  readonly jws: string | null
  /** All of its visible text, label lines included, one block a line. */
  readonly whole: string
  /** Where the page says that the post stands. */
  readonly ctx: Claims["ctx"] | null
  /** Value of `ai-disclosure`. */
  readonly disclosure: string
}
export const labelMediaType = "application/ai-label+jwt"

/** What a reader sees of an answer's HTML: one block a line, `alt` for images, code as it is. */
export function visibleHtml(fragment: string): string {
  return textOf(parseFragment(fragment).childNodes)
}

/** Every `<article ai-disclosure>` of a page or fragment, outermost ones only, in order. */
export function readHtml(html: string): readonly ReadPost[] {
  const posts: ReadPost[] = []
  const pending: Tree.ChildNode[] = [...parse(html).childNodes].reverse()
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (!isElement(node)) continue
    if (node.tagName === "article" && attribute(node, "ai-disclosure") !== null) posts.push(readArticle(node))
    else pending.push(...[...childrenOf(node)].reverse())
  }
  return posts
}

function readArticle(article: Tree.Element): ReadPost {
  const own = childrenOf(article).filter((child) => !isElement(child) || attribute(child, "data-chrome") === null)
  const labels = own.filter((child) => isElement(child) && child.tagName === "script" && attribute(child, "type") === labelMediaType)
  const [label] = labels
  return {
    // Two labels are none: a reader could not say which of them is meant (as C2PA has it for manifests).
    jws: label !== undefined && labels.length === 1 ? scriptText(label).trim() : null,
    whole: textOf(own),
    ctx: placeOf(article),
    disclosure: attribute(article, "ai-disclosure") ?? "",
  }
}
function placeOf(article: Tree.Element): Claims["ctx"] | null {
  const [p, ws, ch, th] = ["platform", "workspace", "channel", "thread"].map((name) => attribute(article, `data-${name}`))
  if (!p || !ws || !ch) return null
  return { p, ws, ch, ...(th ? { th } : {}) }
}

// Elements that stand on lines of their own. Table cells are among them, so that neighbours do not run together.
const blocks = new Set(
  `address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer form
  h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu nav ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul`.split(
    /\s+/,
  ),
)
const unseen = new Set(["script", "style"])

function textOf(nodes: readonly Tree.ChildNode[]): string {
  const out: string[] = []
  for (const node of nodes) walk(node, "flow", "label", out)
  return out
    .join("")
    .split("\n")
    .map((line) => line.replace(/[ \t]+$/, ""))
    .filter((line) => line !== "")
    .join("\n")
}
/** `depth`: a label line is a direct child of its post; deeper down the mark means nothing. */
function walk(node: Tree.ChildNode, space: "flow" | "kept", depth: "label" | "deeper" | "in-label", out: string[]): void {
  if ("value" in node) {
    // HTML collapses its own five white-space characters; all others are the text's.
    out.push(space === "kept" ? node.value.replace(/\r\n?/g, "\n") : afterBreak(out, node.value.replace(/[ \t\n\f\r]+/g, " ")))
    return
  }
  if (!isElement(node) || unseen.has(node.tagName)) return
  if (node.tagName === "br") out.push("\n")
  if (node.tagName === "img") out.push(attribute(node, "alt") ?? "")
  const block = blocks.has(node.tagName)
  if (block) out.push("\n")
  const within = depth === "label" && attribute(node, "data-label") !== null ? "in-label" : depth === "in-label" ? "in-label" : "deeper"
  for (const child of childrenOf(node)) walk(child, node.tagName === "pre" || space === "kept" ? "kept" : "flow", within, out)
  // The link of a label line reads `verify`; its address is part of the line.
  if (depth === "in-label" && node.tagName === "a" && attribute(node, "data-verify") !== null) out.push(`: ${attribute(node, "href") ?? ""}`)
  if (block) out.push("\n")
}
function afterBreak(out: readonly string[], text: string): string {
  const before = out.at(-1)
  return before === undefined || before.endsWith("\n") ? text.replace(/^ /, "") : text
}

function isElement(node: Tree.ChildNode): node is Tree.Element {
  return "tagName" in node
}
function childrenOf(element: Tree.Element): readonly Tree.ChildNode[] {
  return "content" in element ? (element as Tree.Template).content.childNodes : element.childNodes
}
function attribute(element: Tree.Element, name: string): string | null {
  return element.attrs.find((a) => a.name === name)?.value ?? null
}
function scriptText(script: Tree.ChildNode): string {
  return isElement(script) ? script.childNodes.map((n) => ("value" in n ? n.value : "")).join("") : ""
}
