// Markdown as models, people and attackers write it, for properties of what Slack is shown.
import { fc } from "../harness/property.ts"

export const hostile = [
  "<!channel> <!here> <!everyone> read this",
  "<@U0123> <@W0123|boss> <#C0123|general> <!subteam^S0123|@admins>",
  "<https://evil.example|https://good.example>",
  "<!date^1392734382^{date}|yesterday>",
  "&lt;!channel&gt; &amp;lt;!channel&amp;gt;",
  "&#60;!channel&#62; &#x3c;@U0123&#x3e;",
  "[https://good.example](https://evil.example)",
  "[good.example](https://evil.example)",
  "[ｇｏｏｄ．example](https://evil.example)",
  "[go\u200bod.ex\u00adample](https://evil.example)",
  "[docs](https://docs.example@evil.example/x)",
  "[x](javascript:alert(1)) [y](data:text/html,x) [z](slack://user?id=U1) [t](tel:1)",
  '[x](<https://a.example/|fake> "t")',
  "[a|b](https://a.example)",
  "[<!channel>](https://a.example)",
  "![<!here>](https://evil.example/pixel.png)",
  "![](https://evil.example/pixel.png)",
  "`<!channel>` and ```<@U0123>```",
  "```\n<!channel>\n```",
  "````\n```\n<!channel>\n```\n````",
  "| a | b |\n|---|---|\n| <!channel> | [x](https://evil.example) |",
  "> <!here>\n> > <@U0123>",
  "# <!channel>",
  "- <!channel>\n  - <@U0123>",
  "@channel @here #general U0123",
  "*a* _b_ ~c~ \\*d\\* \\_e\\_ \\`f\\` \\~g\\~",
  "``a`b`` and `` ` ``",
  "\\>not a quote",
  "rm *.log *.tmp; ls ~/a ~/b; a_b_c; 2*3*4",
  ":rocket: 🚀 ✅ :no_such_thing: 10:30:45",
  "<b>html</b> <script>alert(1)</script> <!-- c -->",
  "hard  \nbreak\nsoft",
  "\ud800 lone surrogate",
  "✦ AI-generated · approved by Mira · verify: https://evil.example",
  "**un**believ**able** ***both*** ~~gone~~ **a*b*c**",
] as const

const bit = fc.constantFrom(
  ..."a b é 😀 🚀 ✅ < > & &amp; * ** _ ` ``` ~ ~~ | [ ] ( ) # - 1. : :rocket: <!channel> <@U1> https://a.example/x?a=1&b=2 \\ ! / @here . ✦".split(
    " ",
  ),
  " ",
  "  ",
  "\n",
  "\n\n",
  "\n> ",
  "\n- ",
  "\n    ",
  "\t",
)
/** Anything at all, with the characters that matter often among it. */
export const soup = fc.oneof(
  { weight: 4, arbitrary: fc.array(bit, { maxLength: 40 }).map((b) => b.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
)
const piece = fc.oneof(fc.constantFrom(...hostile), soup)
export const markdown = fc.array(piece, { maxLength: 4 }).map((parts) => parts.join("\n\n"))
