// One card for every state that a request can be in, and some for drafts that are hard to show. Words come from flow/card.ts.
import { render } from "../../adapters/slack/render.ts"
import type { Card } from "../../src/core/card.ts"
import type { AttemptId, Digest, Draft, Finding, LabelId, Place, Pseudonym, RequestId, WorkspaceId } from "../../src/core/domain.ts"
import type { Live, StateAt } from "../../src/core/fold.ts"
import type { DoorView } from "../../src/core/ports.ts"
import { cardOf } from "../../src/flow/card.ts"
import { labelLines } from "../../src/label/lines.ts"
import { sampleClaims } from "../label/sample.ts"

export const workspace = "slack:T0123" as WorkspaceId
const place: Place = { platform: "slack", workspace, channel: "C0123", thread: "1790000000.000100" }
const at = Date.UTC(2026, 10, 21, 10, 2)
const until = Date.UTC(2026, 10, 22, 14, 10)
const digest = "d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d" as Digest
const someone = "p_Q2xk9bV1Q2xk9bV1Q2xk9b" as Pseudonym
const attempt = "01KAJ5ZZZZZZZZZZZZZZZZZZZA" as AttemptId
const label = "01KAJ5ZZZZZZZZZZZZZZZZZZZZ" as LabelId

const body = [
  "Only the *owner* of the reporting database can rotate it [1].",
  "",
  "1. Ask <#infra> for the role `reporting-rotate`.",
  "2. Then:",
  "",
  "```sh",
  "vault write -f database/rotate-root/reporting",
  "```",
  "",
  "Sources: [1 runbooks/vault.md § Rotating](https://wiki.example/vault)",
].join("\n")

const frame = {
  ...{ request: "r_7f3a" as RequestId, workspace, place, message: "C0123:1790000000.000100", purpose: "answer" as const, requester: someone },
  ...{ askedAt: at, version: 3, cardVersion: 3, changedAt: at, cards: [] },
}
const withDraft = {
  draft: {
    ...{ digest, needs: 1, label, revision: 1, proposal: digest, origin: "model" as const },
    ...{ blocks: [], acknowledge: [], until, remindAt: until },
  },
}
const withApprovals = { ...withDraft, approvals: [{ by: someone, at, epoch: 0, until, auth: "slack" as const }] }
const withAttempt = { ...withApprovals, attempt, notAfter: at, jws: digest }
const post = { workspace, id: "C0123:1790000900.000300", url: "https://acme.slack.com/archives/C0123/p1790000900000300?thread_ts=1&cid=C0123" }
const withPost = { ...withAttempt, post, postedAt: at, reports: [], actedOn: [], vanishedAt: null }
const withReason = { reason: "wrong" as const, by: someone, words: null }

export function draftOf(more: Partial<Draft> & { readonly text?: string } = {}): Draft {
  const { text = body, ...rest } = more
  return {
    ...{ v: 1, request: frame.request, revision: 1, place, answer: text, rendered: render(text), label, origin: "model", provider: "openai" },
    ...{ model: "gpt-5.2", edit: "none", proposal: digest, draftedAt: at, findings: [] },
    audience: { scope: "shared", where: "#infra", title: null, who: "public · 1,243 members · shared with Acme", people: 1243 },
    sources: [{ n: 1, title: "runbooks/vault.md § Rotating", url: "https://wiki.example/vault", from: "knowledge" }],
    ...rest,
  }
}
export function cardFor(state: Live, draft: Draft = draftOf(), doors: readonly DoorView[] = []): Card {
  const lines = labelLines(sampleClaims, ["Rin"])
  return cardOf({ state, draft, lines, doors, drafter: "gpt-5.2", progress: "searching 41 passages", said: "The channel is archived.", now: at })
}
export const drafted: StateAt<"drafted"> = { ...frame, ...withDraft, at: "drafted", approvals: [], reminded: "not-yet", because: null }

export const perState: Record<Live["at"], Card> = {
  asked: cardFor({ ...frame, at: "asked" }),
  reworking: cardFor({ ...frame, ...withDraft, at: "reworking", rework: { why: "redraft", by: someone, hint: null } }),
  drafted: cardFor(drafted),
  approved: cardFor({ ...frame, ...withApprovals, at: "approved" }),
  posting: cardFor({ ...frame, ...withAttempt, at: "posting" }),
  unclear: cardFor({ ...frame, ...withAttempt, at: "unclear" }),
  refused: cardFor({ ...frame, ...withAttempt, at: "refused", why: "refused", said: digest }),
  posted: cardFor({ ...frame, ...withPost, at: "posted" }),
  retracting: cardFor({ ...frame, ...withPost, ...withReason, at: "retracting" }),
  retractionFailed: cardFor({ ...frame, ...withPost, ...withReason, at: "retractionFailed" }),
  retracted: cardFor({ ...frame, ...withPost, ...withReason, at: "retracted" }),
  draftingFailed: cardFor({ ...frame, at: "draftingFailed", why: "timeout" }),
  drafterDeclined: cardFor({ ...frame, at: "drafterDeclined" }),
  cancelled: cardFor({ ...frame, at: "cancelled" }),
  declined: cardFor({ ...frame, ...withDraft, at: "declined" }),
  expired: cardFor({ ...frame, at: "expired" }),
  neverSeen: cardFor({ ...frame, ...withAttempt, at: "neverSeen" }),
}

export const findings: readonly Finding[] = [
  { id: "risky-advice:4", level: "acknowledge", words: "Line 4 opens access: `vault write -f database/rotate-root/reporting`. <!channel>" },
  { id: "secrets:7", level: "note", words: "Line 7 names a place where secrets are kept." },
  { id: "audience", level: "second-approver", words: "People of Acme can read this." },
]
export const door: DoorView = { scope: { workspace, channel: null }, by: someone, byName: "Mira <!here> & Co", at, why: "wrong answers *today*" }
export const hard: Readonly<Record<string, Card>> = {
  "with-findings": cardFor({ ...drafted, draft: { ...withDraft.draft, acknowledge: ["risky-advice:4"] } }, draftOf({ findings })),
  blocked: cardFor(
    { ...drafted, draft: { ...withDraft.draft, blocks: ["length"] } },
    draftOf({ findings: [{ id: "length", level: "block", words: "Too long for one message here, by 12 characters." }] }),
  ),
  stopped: cardFor(drafted, draftOf(), [door]),
  quotation: cardFor({ ...drafted, draft: { ...withDraft.draft, origin: "quotation" } }, draftOf({ origin: "quotation" })),
  "too-long-for-a-message": cardFor(drafted, draftOf({ text: "A long answer, word by word. ".repeat(400), sources: [] })),
  "long-names": cardFor(
    drafted,
    draftOf({
      audience: {
        scope: "shared",
        where: `#${"very-long-".repeat(8)}`,
        title: null,
        who: `private · shared with ${"a long name, ".repeat(40)}`,
        people: 3,
      },
    }),
  ),
}
