// Small bar charts as inline SVG, without styles of their own: the stylesheet colours them, and the figures stand in words beside them.
import { html } from "hono/html"
import type { Html } from "../../page/frame.ts"

const barWidth = 14
const gap = 4
const height = 48

/** `values`: one a day, oldest first; null: nothing to show for that day. */
export function bars(title: string, unit: string, values: readonly (number | null)[], days: readonly string[]): Html {
  const most = Math.max(1, ...values.map((v) => v ?? 0))
  const width = values.length * (barWidth + gap) - gap
  const today = values.at(-1) ?? null
  return html`<figure class="chart">
<figcaption><span>${title}</span> <b>${today === null ? "–" : shown(today)}</b> <span class="quiet">${unit}</span></figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${`${title}, the last ${values.length} days: ${values.map((v) => (v === null ? "none" : shown(v))).join(", ")}`}">
${values.map((v, i) => bar(v, i, most, days[i] ?? ""))}
</svg>
</figure>`
}
function bar(value: number | null, i: number, most: number, day: string): Html {
  // A day without anything still has a foot to stand on, so that the eye counts days.
  const tall = value === null || value === 0 ? 1 : Math.max(3, Math.round((value / most) * height))
  const kind = value === null || value === 0 ? "none" : "some"
  return html`<rect class="${kind}" x="${i * (barWidth + gap)}" y="${height - tall}" width="${barWidth}" height="${tall}" rx="${tall > 3 ? 2 : 0}"><title>${day}: ${value === null ? "none" : shown(value)}</title></rect>`
}
function shown(value: number): string {
  return value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString("en-US") : value.toFixed(1)
}
