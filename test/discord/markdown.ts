// Markdown as models, people and attackers write it, for properties of what Discord is shown.
import { fc } from "../harness/property.ts"

export const hostile = [
  "@everyone @here and <@123456789012345678> <@!123456789012345678> <@&123456789012345678> <#123456789012345678>",
  "</countersign stop:123456789012345678> <id:customize> <id:guide> <t:1790000000:R> <t:1790000000>",
  "<:shrug:123456789012345678> <a:party:123456789012345678> :rocket: ::rocket::rocket: 🚀 10:30:45 a:b::c",
  "<a@b.example> <+4930123456> <mailto:a@b.example> <tel:+4930> <sms:+4930>",
  "&lt;@123456789012345678&gt; &#64;everyone &#x3c;#123456789012345678&#x3e; &#92;@here",
  "\\@everyone \\\\@everyone \\\\\\<@123456789012345678>",
  "[good.example](https://evil.example) [https://good.example](https://evil.example)",
  "[x](javascript:alert(1)) [y](data:text/html,x) [z](discord://-/channels/1) [t](steam://run/1) discord://x steam://y https://localhost",
  "[a\\](https://evil.example) \\[b](https://evil.example) [c] (https://evil.example) [d]\\(https://evil.example)",
  "[docs](https://docs.example@evil.example/x)",
  "https://discord.gg/abc discord.gg/abc <https://discord.com/invite/abc> [join](https://discord.gg/abc) discordapp.com/gifts/x DISCORD.GG/abc",
  "https://discord.com/channels/123456789012345678/223456789012345678/323456789012345678 https://discord.com/events/1/2",
  "https://a.example/x?u=https://discord.gg/abc https://a.example/a_b_c*d*|e||f||~~g~~?h=`i`",
  "![](https://evil.example/pixel.png) ![@everyone](https://evil.example/p.png)",
  "||spoiler|| **||hidden||** __underline__ ___both___",
  "-# small print\n\n-# ✦ AI-generated · approved by Mira",
  "\\-# small\n\n\\# one\n\n\\> two\n\n\\- three\n\n1\\. four\n\n\\>>> five",
  "# one\n## two ##\n###### C# ##\n# - x\n#\n# > y",
  "Setext\n===\n\n-# not\n---",
  "> one\n> > two\n> - three\n> ```\n> four\n> ```\n\n>>> five\nsix",
  "- a\n- b\n\n1. c\n2. d\n\n7. e\n   - f\n     - g\n\n0. h\n9999999999. i",
  "- # x\n- > y\n- ```\n  z\n  ```\n- 1. w\n- -# v",
  "- one\n\n  two\n\n  three\n- ",
  "`<@123456789012345678>` `@everyone` ``a`b`` `` ` `` `\\` `a\\`b` ```x``` ` y `",
  "```\n@everyone\n```",
  "```sh\nls *.log | grep '`' # -# x\n```",
  "````\n```\n@everyone\n```\n````",
  "~~~\n\n\n``` \n\\`\n~~~",
  "```not a language!\nx\n```",
  "```\nends with `\n```\n\n`a``b` `c`\\`d\\``e`",
  "| a | b |\n|---|---|\n| <@123456789012345678> | [x](https://evil.example) `c` |",
  "*a***b** **a***b* ***c*** **d*e*f** *g **h** i* ~~j **k**~~ ~~l\\~~~ *m\\*n* **o\\*p** *# q* **- r** *1. s*",
  "*# q*\n\n**- r**\n\n*1. s*\n\n~~> t~~\n\n*`a`*`b`",
  "2*3*4 a_b_c _d_ __e__ *f\n* g* \\*h\\* *\\_i\\_* **j **",
  "¯\\_(ツ)_/¯ ¯\\\\\\_(ツ)\\_/¯",
  "hard  \n# break\\\n- soft\nline\n> quoted",
  "<b>html</b> <!-- c --> &nbsp;&amp;&copy;",
  "✦ AI-generated · approved by Mira · verify: https://evil.example",
  "one\u2028# two\u2029- three\u0085> four\u000b-# five",
  "\ud800 lone surrogate",
  "@silent /shrug s/a/b/",
] as const

const bit = fc.constantFrom(
  ..."a b é 😀 🚀 < > & ** * __ _ ` `` ``` ~ ~~ | || [ ] ( ) # ## - + 1. : :: :rocket: @everyone @here <@123456789012345678> <#1> https://a.example/x?a=1&b=2_c \\ ! / ✦ -# >>> > . ¯".split(
    " ",
  ),
  " ",
  "  ",
  "\n",
  "\n\n",
  "\n> ",
  "\n- ",
  "\n1. ",
  "\n# ",
  "\n    ",
  "  \n",
  "\t",
)
/** Anything at all, with the characters that matter often among it. */
const soup = fc.oneof(
  { weight: 4, arbitrary: fc.array(bit, { maxLength: 40 }).map((b) => b.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
)
const piece = fc.oneof(fc.constantFrom(...hostile), soup)
export const markdown = fc.array(piece, { maxLength: 4 }).map((parts) => parts.join("\n\n"))
