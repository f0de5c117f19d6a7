// Ids as Discord makes them: milliseconds since 2015 in the upper bits, so that they sort by age. Never twice in one process.
const discordEpoch = 1_420_070_400_000n
let last = 0n

export function snowflake(now: number): string {
  const made = (BigInt(Math.floor(now)) - discordEpoch) << 22n
  last = made > last ? made : last + 1n
  return String(last)
}
export const isSnowflake = (value: unknown): value is string => typeof value === "string" && /^\d{15,20}$/.test(value)
/** Ids of any length sort by age. */
export const isOlder = (a: string, b: string): boolean => BigInt(a) < BigInt(b)
/** The shard that hears of a server. */
export const shardOf = (guild: string, shards: number): number => Number((BigInt(guild) >> 22n) % BigInt(shards))
