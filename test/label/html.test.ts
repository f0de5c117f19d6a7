// What a reader sees of HTML: the same when an answer is rendered and when its post is read back.
import { describe, expect, test } from "@jest/globals"
import { labelLines, splitLine, withoutLabelLines } from "../../src/label/lines.ts"
import { readHtml, visibleHtml } from "../../src/label/read/html.ts"
import { normaliseVis } from "../../src/label/vis.ts"
import { fc } from "../harness/property.ts"
import { sampleClaims } from "./sample.ts"

describe("visible text", () => {
  test.each([
    ["blocks separate words", "<p>a</p><p>b</p>", "a\nb"],
    ["inline elements do not", "<p>un<b>believ</b>able</p>", "unbelievable"],
    ["HTML white space is one space", "<p>a \n\t b</p>", "a b"],
    ["no-break spaces are the text's own", "<p>a&nbsp;&nbsp;b</p>", "a\u00a0\u00a0b"],
    ["entities are what they mean", "<p>&lt;b&gt; &amp;amp; &#x2026;</p>", "<b> &amp; …"],
    ["code keeps its lines and its indentation", "<pre><code>if x:\n    y\n</code></pre>", "if x:\n    y"],
    ["the first newline of pre is none", "<pre>\na</pre>", "a"],
    ["items and cells are lines", "<ul><li>1<li>2</ul><table><tr><td>x<td>y</table>", "1\n2\nx\ny"],
    ["br breaks", "a<br>b", "a\nb"],
    ["a picture is its description", 'see <img src="x" alt="a cat"> here', "see a cat here"],
    ["a link is its text", '<a href="https://evil.example">docs</a>', "docs"],
    ["comments, scripts and styles are not seen", "a<!--x--><script>y</script><style>z</style>b", "ab"],
    ["hidden text counts as seen", '<p hidden>a</p><p style="display:none">b</p><template><p>c</p></template>', "a\nb\nc"],
    ["text outside elements", "a<p>b</p>c", "a\nb\nc"],
    ["nothing", "", ""],
  ])("%s", (_what, html, visible) => {
    expect(visibleHtml(html)).toBe(visible)
  })
})

/** Markup as the forum makes it. */
function article(answer: string, more = ""): string {
  const line = (text: string) => {
    const { words, url } = splitLine(text)
    return `<p data-label>${words}<a data-verify href="${url}">verify</a></p>`
  }
  const { first, last } = labelLines(
    sampleClaims,
    ["Rin & <Bo>"].map((n) => n.replace("&", "and").replace(/[<>]/g, "")),
  )
  return `<article ai-disclosure="ai-assisted" data-platform="forum" data-workspace="forum" data-channel="t_7"${more}>
<header data-chrome>Countersign <time>10:09</time></header>${line(first)}<div class="body">${answer}</div>${line(last)}
<footer data-chrome><button>Report</button></footer><script type="application/ai-label+jwt"> a.b.c </script></article>`
}
describe("a post on a page", () => {
  test("is read whole: label, place, lines and answer, without the platform's furniture", () => {
    const [post, ...others] = readHtml(`<!doctype html><body><main>${article("<p>Hello</p>")}</main>`)
    expect(others).toEqual([])
    const { first, last } = labelLines(sampleClaims, ["Rin and Bo"])
    expect(post).toEqual({
      jws: "a.b.c",
      whole: `${first}\nHello\n${last}`,
      ctx: { p: "forum", ws: "forum", ch: "t_7" },
      disclosure: "ai-assisted",
    })
  })
  test("says its thread, if it has one, and no place if a part is missing", () => {
    expect(readHtml(article("", ' data-thread="9"'))[0]?.ctx).toEqual({ p: "forum", ws: "forum", ch: "t_7", th: "9" })
    expect(readHtml(article("").replace("data-channel", "data-x"))[0]?.ctx).toBeNull()
  })
  test("of any answer reads back what was seen of the answer when it was rendered", () => {
    const word = fc.constantFrom("a", "un", " ", "\n", "&amp;", "é", "<b>x</b>", "<br>", "&nbsp;", "<code>y z</code>")
    const inline = fc.array(word, { maxLength: 6 }).map((words) => words.join(""))
    const block = fc.oneof(
      inline.map((x) => `<p>${x}</p>`),
      inline.map((x) => `<pre><code>${x}\n  ${x}</code></pre>`),
      inline.map((x) => `<blockquote><p>${x}</p></blockquote>`),
      fc.array(inline).map((items) => `<ul>${items.map((x) => `<li>${x}</li>`).join("\n")}</ul>`),
      inline.map((x) => `<table><thead><tr><th>${x}</th></tr></thead><tbody><tr><td>${x}</td></tr></tbody></table>`),
    )
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), (parts) => {
        const answer = parts.join("\n")
        const read = withoutLabelLines(readHtml(article(answer))[0]?.whole ?? "", sampleClaims)
        return normaliseVis(read.answer) === normaliseVis(visibleHtml(answer)) && read.missing.length === 0
      }),
      { numRuns: 3_000 },
    )
  })
  test("does not let its answer play furniture or label line", () => {
    const [post] = readHtml(article('<p data-chrome>unseen?</p><p data-label><a data-verify href="https://evil.example">verify</a></p>'))
    expect(post?.whole).toContain("\nunseen?\nverify\n")
  })
  test("inside a post is part of it", () => {
    expect(readHtml(article(article("inner")))).toHaveLength(1)
  })
  test.each([
    ["none", (h: string) => h.replace(/<script.*script>/, "")],
    ["two", (h: string) => h.replace("<footer", '<script type="application/ai-label+jwt">d.e.f</script><footer')],
    ["one deeper down", (h: string) => h.replace(/(<script.*script>)/, "<div>$1</div>")],
  ])("with %s has no label", (_what, change) => {
    expect(readHtml(change(article("x")))[0]?.jws).toBeNull()
  })
  test("other articles of a page are not posts of ours", () => {
    expect(readHtml("<article><p>Hi</p></article>")).toEqual([])
  })
})
