// Embeds: how long each part may be, and all of them together.
import type { Form } from "../refusal.ts"
import { type Fields, isFields } from "../state.ts"
import { type Path, text, webAddress } from "./fields.ts"

const mostEmbeds = 10
const mostTogether = 6_000

export function checkEmbeds(form: Form, given: unknown): readonly Fields[] {
  if (given === undefined || given === null) return []
  if (!Array.isArray(given) || !given.every(isFields)) {
    form.add(["embeds"], "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
    return []
  }
  if (given.length > mostEmbeds) form.add(["embeds"], "BASE_TYPE_BAD_LENGTH", `Must be ${mostEmbeds} or fewer in length.`)
  let together = 0
  for (const [at, embed] of given.entries()) together += checkEmbed(form, embed, ["embeds", at])
  if (together > mostTogether) form.add(["embeds"], "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
  return given
}
function checkEmbed(form: Form, embed: Fields, path: Path): number {
  const { fields, footer, author } = embed
  let size = 0
  const part = (of: Fields, at: Path, name: string, max: number, required?: "required") => {
    size += text(form, of, at, name, required === undefined ? { max } : { min: 1, max, required })?.length ?? 0
  }
  part(embed, path, "title", 256)
  part(embed, path, "description", 4_096)
  webAddress(form, embed, path, "url")
  if (isFields(footer)) part(footer, [...path, "footer"], "text", 2_048, "required")
  if (isFields(author)) part(author, [...path, "author"], "name", 256, "required")
  if (Array.isArray(fields)) {
    if (fields.length > 25) form.add([...path, "fields"], "BASE_TYPE_BAD_LENGTH", "Must be 25 or fewer in length.")
    for (const [at, field] of fields.filter(isFields).entries()) {
      part(field, [...path, "fields", at], "name", 256, "required")
      part(field, [...path, "fields", at], "value", 1_024, "required")
    }
  }
  if (size === 0 && ["url", "image", "thumbnail"].every((name) => embed[name] === undefined))
    form.add([...path, "description"], "BASE_TYPE_REQUIRED", "This field is required")
  return size
}
