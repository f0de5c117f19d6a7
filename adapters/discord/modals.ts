// The modals: edit, redraft, report, retract. Each is about what its id says; everything that comes back is parsed here.
import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIStringSelectComponent,
  type APITextInputComponent,
  ComponentType,
  TextInputStyle,
} from "discord.js"
import { z } from "zod"
import type { Card } from "../../src/core/card.ts"
import { type LabelId, type Markdown, type RetractReason, retractReasons } from "../../src/core/domain.ts"
import { retractWords } from "../../src/core/signposts.ts"
import { cardId, postId } from "./actions.ts"

export type Modal = APIModalInteractionResponseCallbackData
/** Of one field. */
const maxField = 4_000

/** Null: the text is longer than a modal's field holds. */
export function editModal(card: Card): Modal | null {
  const text = card.draft?.answer.trim() ?? ""
  if (card.draft === null || text.length > maxField) return null
  const field = input("text", "required", maxField)
  return {
    custom_id: cardId("edit", card),
    title: "Edit the draft",
    components: [
      labelled("The answer, in Markdown", text === "" ? field : { ...field, value: text }, "Saving makes a new revision. Nothing is posted yet."),
    ],
  }
}
export function redraftModal(card: Card): Modal {
  return {
    custom_id: cardId("redraft", card),
    title: "Redraft with a hint",
    components: [labelled("What should be different?", input("words", "optional", 2_000))],
  }
}
export function reportModal(label: LabelId): Modal {
  return {
    custom_id: postId("report", label),
    title: "Report this answer",
    components: [labelled("What is wrong with it?", input("words", "optional", 1_000), "Whoever approved this answer is told.")],
  }
}
export function retractModal(label: LabelId): Modal {
  const reason: APIStringSelectComponent = {
    type: ComponentType.StringSelect,
    custom_id: "reason",
    placeholder: "Pick a reason",
    options: retractReasons.map((r) => ({ label: capital(retractWords[r]), value: r })),
  }
  return {
    custom_id: postId("retract", label),
    title: "Retract this answer",
    components: [
      labelled("Why", reason, "The text goes; its frame stays, and says that it was retracted, by whom and why."),
      labelled("More about it, for members", input("words", "optional", 1_000)),
    ],
  }
}
function labelled(label: string, component: APITextInputComponent | APIStringSelectComponent, description?: string): APILabelComponent {
  return { type: ComponentType.Label, label, component, ...(description === undefined ? {} : { description }) }
}
function input(id: string, need: "required" | "optional", max: number): APITextInputComponent {
  return { type: ComponentType.TextInput, custom_id: id, style: TextInputStyle.Paragraph, max_length: max, required: need === "required" }
}
const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const field = z.looseObject({
  custom_id: z.string(),
  value: z.string().max(maxField).nullish(),
  values: z.array(z.string().max(100)).max(25).nullish(),
})
const submitted = z.looseObject({ components: z.array(z.looseObject({ component: z.unknown() })).max(5) })
/** Of `data` of a modal's submission; null: it has no such field, or has it twice. */
function fieldOf(data: unknown, id: string): z.infer<typeof field> | null {
  const read = submitted.safeParse(data)
  const fields = (read.success ? read.data.components : []).flatMap((c) => field.safeParse(c.component).data ?? [])
  const [one, ...more] = fields.filter((f) => f.custom_id === id)
  return more.length === 0 ? (one ?? null) : null
}
/** Null when it is no edit of ours. */
export function readEdit(data: unknown): Markdown | null {
  return fieldOf(data, "text")?.value ?? null
}
/** The hint of a redraft, or what somebody reports. */
export function readWords(data: unknown): string | null {
  const words = (fieldOf(data, "words")?.value ?? "").trim()
  return words === "" ? null : words
}
/** Null: no reason, or none that we know. */
export function readRetraction(data: unknown): { readonly reason: RetractReason; readonly words: string | null } | null {
  const [picked, ...more] = fieldOf(data, "reason")?.values ?? []
  const reason = retractReasons.find((r) => r === picked)
  return reason === undefined || more.length > 0 ? null : { reason, words: readWords(data) }
}
