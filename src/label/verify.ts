// Is this label genuine, and does it belong to this text, in this place, today? Same answer in Node and in browsers.
// Never fetches: keys and status come from the caller, who decides whom to trust.
import { type Claims, digitalSourceTypes, type MiniClaims } from "./claims.ts"
import { type KeysOf, openJws, type PublishedKey } from "./jws.ts"
import { imitations, isLoopback, withoutLabelLines } from "./lines.ts"
import { parseClaims, parseMiniClaims } from "./shape.ts"
import { placeHash } from "./sign.ts"
import { type Invalid, invalid, type Note, note, type Verdict } from "./verdict.ts"
import { hiddenCharacters, visHash } from "./vis.ts"

/** What the issuer says of a label now, from its label page. */
export type LabelStatus =
  | { readonly status: "current" }
  | { readonly status: "superseded"; readonly by: string | null }
  | { readonly status: "retracted" }
  /** The issuer answered that it has no such label. */
  | { readonly status: "unknown" }

export interface Expected {
  /** `whole`: everything that a reader of the post sees, label lines included, one block a line. `answer`: without the lines. */
  readonly text?: { readonly whole: string } | { readonly answer: string }
  /** Where the post was found. */
  readonly ctx?: Claims["ctx"]
}
export interface Verifying {
  readonly expect: Expected
  readonly keysOf: KeysOf
  /** Null, or a promise of null: nobody knows. */
  readonly status?: (claims: { readonly iss: string; readonly jti: string }) => Promise<LabelStatus | null> | LabelStatus | null
}

/** A full label. Rejects only if `keysOf` or `status` does. */
export async function verifyLabel(raw: string, how: Verifying): Promise<Verdict<Claims>> {
  const opened = await openJws(raw, { parse: parseClaims, kid: "named", keysOf: how.keysOf })
  if ("bad" in opened) return opened.bad
  const { claims, key } = opened
  if (ended(key, claims.iat)) return invalid("expired-key", claims)
  const { ctx, text } = how.expect
  const moved = ctx !== undefined && !samePlace(ctx, claims.ctx)
  return rest(claims, how, {
    moved,
    notes: claims.rev.auth.split(" ").includes("picked") ? [note("names-picked")] : [],
    strip: text === undefined || "answer" in text ? null : withoutLabelLines(text.whole, claims),
  })
}

/** A mini label, with a text that has lost its label lines already, or `whole`: then the full label at `<iss>/l/<jti>` must say which lines to take off. */
export async function verifyMini(raw: string, how: Verifying & { readonly full?: Claims }): Promise<Verdict<MiniClaims>> {
  const opened = await openJws(raw, { parse: parseMiniClaims, kid: "absent", keysOf: how.keysOf })
  if ("bad" in opened) return opened.bad
  const { claims, key } = opened
  if (ended(key, claims.rev.at)) return invalid("expired-key", claims)
  const { ctx, text } = how.expect
  const moved = ctx !== undefined && (await placeHash(ctx)) !== claims.ctx
  if (text !== undefined && "whole" in text && how.full?.jti !== claims.jti)
    return rest(claims, { ...how, expect: { ...(ctx === undefined ? {} : { ctx }) } }, { moved, notes: [], strip: null })
  const strip = text === undefined || "answer" in text || how.full === undefined ? null : withoutLabelLines(text.whole, how.full)
  return rest(claims, how, { moved, notes: [], strip })
}

type Lines = ReturnType<typeof withoutLabelLines>
/** What both forms share, in the order in which a reader wants to know it. */
async function rest<C extends Claims | MiniClaims>(
  claims: C,
  how: Verifying,
  seen: { readonly moved: boolean; readonly notes: readonly Note[]; readonly strip: Lines | null },
): Promise<Verdict<C>> {
  const notes = [...seen.notes]
  if (isLoopback(claims.iss)) notes.push(note("test-label"))
  // Before the text: of a retracted post the text is gone, and that it was retracted is what matters.
  const status = (await how.status?.(claims)) ?? null
  if (status?.status === "unknown") return invalid("not-issued", claims)
  if (status?.status === "retracted") return invalid("retracted", claims)
  if (status?.status === "superseded") return invalid("superseded", claims, status.by === null ? undefined : `See ${claims.iss}/l/${status.by}.`)
  if (status === null) notes.push(note("status-unknown"))

  if (seen.moved) return invalid("moved", claims)
  if (how.expect.ctx === undefined) notes.push(note("place-not-compared"))

  const { text } = how.expect
  if (text === undefined) return { valid: claims, notes: [...notes, note("text-not-compared")] }
  const wrong = await compare(claims, text, seen.strip)
  if (wrong !== null) return wrong
  for (const which of seen.strip?.missing ?? []) notes.push(note(`no-${which}-line`))
  return { valid: claims, notes }
}
async function compare<C extends Claims | MiniClaims>(
  claims: C,
  text: NonNullable<Expected["text"]>,
  strip: Lines | null,
): Promise<Invalid<C> | null> {
  const hidden = hiddenCharacters("whole" in text ? text.whole : text.answer)[0]
  if (hidden !== undefined) return invalid("hidden-characters", claims, `${hidden.code} stands in line ${hidden.line}.`)
  const answer = strip?.answer ?? ("answer" in text ? text.answer : text.whole)
  const posing = strip?.imitations ?? imitations(answer)
  if (posing.length > 0) return invalid("label-imitation", claims)
  return (await visHash(answer)) === claims.dig.vis ? null : invalid("text-changed", claims)
}
function ended(key: PublishedKey, at: number): boolean {
  return key.exp !== undefined && at >= key.exp
}
function samePlace(a: Claims["ctx"], b: Claims["ctx"]): boolean {
  return a.p === b.p && a.ws === b.ws && a.ch === b.ch && a.th === b.th
}
/** Whether a label says that a model wrote the text. */
export function isByModel(claims: Claims | MiniClaims): boolean {
  return claims.dst === digitalSourceTypes.model || claims.dst === "trainedAlgorithmicMedia"
}
