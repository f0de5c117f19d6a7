// Looks into values from outside without believing them: what is not there, or is of another kind, reads as nothing.

export type Fields = Readonly<Record<string, unknown>>

export function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}
export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
export function string(value: unknown): string | null {
  return typeof value === "string" ? value : null
}
