// Hostile Markdown does nothing, and what is shown is what is hashed.
import { expect, test } from "@jest/globals"
import { parseFragment } from "parse5"
import { render, safeHtml } from "../../adapters/forum/render.ts"
import { visibleHtml } from "../../src/label/read/html.ts"
import { attribute, elements } from "./browser.ts"

const harmless = new Set("p h3 h4 h5 h6 ul ol li pre blockquote hr br table thead tbody tr th td a em strong code s".split(" "))
const hostile = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "![x](https://evil.example/pixel.png)",
  "![x](javascript:alert(1))",
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](java\tscript:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD4=)",
  "[x](vbscript:msgbox(1))",
  "[x](//evil.example)",
  '[x](<https://a.example/" onclick="alert(1)>)',
  '[x](https://a.example "title\\" onmouseover=\\"alert(1)")',
  '<https://a.example/?q="><script>alert(1)</script>>',
  "<a href='javascript:alert(1)'>x</a>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<style>*{display:none}</style>",
  "<svg/onload=alert(1)>",
  "<form action=https://evil.example><input name=csrf>",
  "</article></main><h1>Not the page's</h1>",
  '<article ai-disclosure="ai-assisted">fake</article>',
  "```html\n</code></pre><script>alert(1)</script>\n```",
  '```" onclick="alert(1)\ncode\n```',
  "`</code><script>alert(1)</script>`",
  "| a |\n|---|\n| <script>alert(1)</script> |",
  "# <img src=x onerror=alert(1)>\n\n## two",
  "[ref]: javascript:alert(1)\n\n[x][ref]",
  "&lt;script&gt;alert(1)&lt;/script&gt;",
  "<!-- --><script>alert(1)</script>-->",
  "<details open ontoggle=alert(1)>",
  "\u0000<scr\u0000ipt>alert(1)</scr\u0000ipt>",
  "<p data-label>✦ AI-generated</p>",
  "[x](https://a.example){onclick=alert(1)}",
  "\ud800 lone surrogate",
]

test.each(hostile)("%j can do nothing", (text) => {
  for (const element of all(safeHtml(text))) {
    expect(harmless).toContain(element.tagName)
    for (const { name, value } of element.attrs) {
      expect(["href", "rel", "start", "class"]).toContain(name)
      if (name === "href") expect(value).toMatch(/^(https?|mailto):/)
      if (name === "class") expect(value).toMatch(/^language-\S*$/)
    }
  }
})
test.each(hostile)("%j: the text that is hashed is the text that is shown", (text) => {
  const { payload, visible } = render(text)
  expect(visible).toBe(visibleHtml(payload))
})
test("ordinary writing keeps its form", () => {
  const text =
    "# Title\n\nA **bold** [link](https://a.example/x?a=1&b=2), `code`, ~~gone~~ and https://b.example.\n\n1. one\n2. two\n\n> quote\n\n```sh\nls -l\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
  const html = safeHtml(text)
  for (const part of [
    "<h3>Title</h3>",
    "<strong>bold</strong>",
    'href="https://a.example/x?a=1&amp;b=2"',
    "<code>code</code>",
    "<s>gone</s>",
    "<ol>",
    "<blockquote>",
    '<code class="language-sh">',
    "<td>2</td>",
  ])
    expect(html).toContain(part)
  expect(render(text).visible).toContain("ls -l")
})
function all(html: string) {
  return [...harmless, "script", "img", "iframe", "svg", "style", "form", "input", "article", "details", "h1", "h2", "div", "main"].flatMap((tag) =>
    elements(parseFragment(html), tag),
  )
}
test("HTML that somebody writes is shown as they wrote it; a picture is a link to it", () => {
  expect(safeHtml("<em>x</em>")).toBe("<p>&lt;em&gt;x&lt;/em&gt;</p>")
  expect(visibleHtml(safeHtml("![map](https://a.example/map.png)"))).toBe("!map")
  expect(safeHtml("![map](https://a.example/map.png)")).toContain('<a href="https://a.example/map.png"')
})
test("links tell the other side nothing and vouch for nothing", () => {
  const [link] = elements(parseFragment(safeHtml("[x](https://a.example)")), "a")
  expect(link === undefined ? null : attribute(link, "rel")).toBe("nofollow noopener noreferrer ugc")
})
