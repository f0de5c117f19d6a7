// Figures and how they are printed.
export interface Spread {
  readonly p50: number
  readonly p99: number
}
export function spread(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b)
  // Nearest rank.
  const rank = (share: number) => rounded(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN)
  return { p50: rank(0.5), p99: rank(0.99) }
}
export const rounded = (n: number) => Math.round(n * 100) / 100
export const ratio = (a: number, b: number) => `${(a / b).toFixed(1)} ×`

export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((r) => (r[column] ?? "").length)))
  const line = (row: readonly string[]) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ")
  const [head = [], ...rest] = rows
  return [line(head), widths.map((w) => "-".repeat(w)).join("  "), ...rest.map(line)].join("\n")
}
