// The small questions that every form asks of a field: is it there, a text, not too long, one of these.
import type { Form } from "../refusal.ts"
import type { Fields } from "../state.ts"

export type Path = readonly (string | number)[]

/** Lengths count UTF-16 units: where Discord may count code points, this is the stricter of the two. */
export function text(form: Form, of: Fields, path: Path, name: string, how: { min?: number; max: number; required?: "required" }): string | null {
  const value = of[name]
  const at = [...path, name]
  if (value === undefined || value === null) {
    if (how.required === "required") form.add(at, "BASE_TYPE_REQUIRED", "This field is required")
    return null
  }
  if (typeof value !== "string") form.add(at, "STRING_TYPE_CONVERT", "Could not interpret the value as string.")
  else if (value.length > how.max && how.min === undefined) form.add(at, "BASE_TYPE_MAX_LENGTH", `Must be ${how.max} or fewer in length.`)
  else if (value.length > how.max || value.length < (how.min ?? 0))
    form.add(at, "BASE_TYPE_BAD_LENGTH", `Must be between ${how.min ?? 0} and ${how.max} in length.`)
  else return value
  return null
}
export function whole(form: Form, of: Fields, path: Path, name: string, how: { min: number; max: number }): number | null {
  const value = of[name]
  if (value === undefined || value === null) return null
  if (typeof value === "number" && Number.isInteger(value) && value >= how.min && value <= how.max) return value
  form.add([...path, name], "NUMBER_TYPE_COERCE", `int value should be between ${how.min} and ${how.max}.`)
  return null
}
export function oneOf(form: Form, of: Fields, path: Path, name: string, choices: readonly unknown[]): void {
  if (!choices.includes(of[name])) form.add([...path, name], "BASE_TYPE_CHOICES", `Value must be one of {${choices.join(", ")}}.`)
}
export function webAddress(form: Form, of: Fields, path: Path, name: string, schemes: readonly string[] = ["http:", "https:"]): void {
  const value = text(form, of, path, name, { max: 2_048 })
  if (value === null) return
  if (!URL.canParse(value)) form.add([...path, name], "URL_TYPE_INVALID_URL", "Not a well formed URL.")
  else if (!schemes.includes(new URL(value).protocol))
    form.add(
      [...path, name],
      "URL_TYPE_INVALID_SCHEME",
      `Scheme "${new URL(value).protocol}" is not supported. Scheme must be one of ('http', 'https').`,
    )
}
