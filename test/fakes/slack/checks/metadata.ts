// Message metadata: an event_type and one flat level of values. Slack publishes no size; the local one is a choice, and low.
import { isFields } from "./problem.ts"

export type MetadataFault = "invalid_metadata_format" | "invalid_metadata_schema" | "metadata_too_large"

export function checkMetadata(metadata: unknown, maxBytes: number): MetadataFault | null {
  if (!isFields(metadata)) return "invalid_metadata_format"
  const { event_type: type, event_payload: payload, ...rest } = metadata
  if (Object.keys(rest).some((key) => key !== "entities")) return "invalid_metadata_format"
  if (typeof type !== "string" || !/^[A-Za-z0-9_.:-]{1,255}$/.test(type)) return "invalid_metadata_format"
  if (!isFields(payload)) return "invalid_metadata_format"
  for (const value of Object.values(payload))
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return "invalid_metadata_schema"
  return Buffer.byteLength(JSON.stringify(metadata)) > maxBytes ? "metadata_too_large" : null
}
