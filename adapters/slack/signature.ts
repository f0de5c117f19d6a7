// Whether a request's timestamp is too far from now to be believed, in either direction.

const mostMs = 5 * 60_000

export function tooFarOff(header: string | readonly string[] | undefined, now: number): boolean {
  const seconds = typeof header === "string" && /^\d{1,12}$/.test(header) ? Number(header) : Number.NaN
  return !(Math.abs(seconds * 1000 - now) <= mostMs)
}
