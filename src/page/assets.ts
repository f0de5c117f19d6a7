// The stylesheet and the one script, as files of ours: the content security policy allows nothing else.
// Addresses carry a digest of the content, so a browser may keep them for ever and never shows an old one.
import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { Hono } from "hono"

const read = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8")
const tag = (text: string) => createHash("sha256").update(text).digest("base64url").slice(0, 12)

export const stylesheet = ["base", "header", "parts", "thread", "card", "pages", "web"].map((part) => read(`./style/${part}.css`)).join("\n")
const script = read("./live.js")
const icon = read("./icon.svg")

export const stylesheetPath = `/assets/style-${tag(stylesheet)}.css`
export const scriptPath = `/assets/live-${tag(script)}.js`
export const iconPath = `/assets/icon-${tag(icon)}.svg`

const files = new Map([
  [stylesheetPath, { type: "text/css; charset=utf-8", text: stylesheet }],
  [scriptPath, { type: "text/javascript; charset=utf-8", text: script }],
  [iconPath, { type: "image/svg+xml", text: icon }],
])

/** Mount at `/assets`. */
export function assets(): Hono {
  const app = new Hono()
  for (const [path, file] of files) {
    app.get(path.slice("/assets".length), (c) =>
      c.body(file.text, 200, { "content-type": file.type, "cache-control": "public, max-age=31536000, immutable" }),
    )
  }
  return app
}
