// Markdown of people and of models, made into HTML that cannot do anything: no scripts, no frames, no pictures from elsewhere.
// Two walls: markdown-it does not pass HTML through, and what it makes goes through an allow-list. Pure.
import MarkdownIt from "markdown-it"
import sanitize from "sanitize-html"
import type { Markdown, Rendered } from "../../src/core/domain.ts"
import { visibleHtml } from "../../src/label/read/html.ts"

// A picture would tell its server who reads; its description stays as a link.
const markdown = new MarkdownIt("default", { html: false, linkify: true, typographer: false, breaks: false }).disable("image")
// Only whole addresses become links: "example.com" in a sentence may be a file name.
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })

const blocks = ["p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "pre", "blockquote", "hr", "br", "table", "thead", "tbody", "tr", "th", "td"]
const inline = ["a", "em", "strong", "code", "s"]
const wall: sanitize.IOptions = {
  allowedTags: [...blocks, ...inline],
  allowedAttributes: { a: ["href", "rel"], ol: ["start"], code: ["class"] },
  allowedClasses: { code: ["language-*"] },
  allowedSchemes: ["http", "https", "mailto"],
  allowProtocolRelative: false,
  disallowedTagsMode: "escape",
  // The page has its own h1 and h2; a message starts below them.
  transformTags: {
    h1: "h3",
    h2: "h4",
    a: (_tag, attributes) => ({
      tagName: "a",
      attribs: { ...(attributes.href === undefined ? {} : { href: attributes.href }), rel: "nofollow noopener noreferrer ugc" },
    }),
  },
}

/** Safe HTML. For people's messages and for previews. */
export function safeHtml(body: Markdown): string {
  return sanitize(markdown.render(body.toWellFormed()), wall).trim()
}
/** What the writer says: without code, which is shown, and without quotes, which are somebody else's words. */
export function saidIn(body: Markdown): string {
  let quotes = 0
  const said = markdown.parse(body.toWellFormed(), {}).flatMap((block) => {
    if (block.type === "blockquote_open") quotes += 1
    if (block.type === "blockquote_close") quotes -= 1
    return quotes > 0 ? [] : [(block.children ?? []).map((t) => (t.type === "text" ? t.content : t.type.endsWith("break") ? "\n" : " ")).join("")]
  })
  return said.join("\n")
}
/** Made before review; what it gives is what is shown, approved and sent. */
export function render(body: Markdown): Rendered {
  const payload = safeHtml(body)
  return { payload, visible: visibleHtml(payload), chars: [...body].length }
}
