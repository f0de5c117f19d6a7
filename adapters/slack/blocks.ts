// The few forms of Block Kit that are used here, made in one place: `verbatim`, so that Slack makes no links of its own;
// `expand`, so that nothing hides behind "see more"; plain text without emoji names.
import type { AnyBlock, Button, ConfirmationDialog, ContextBlock, MrkdwnElement, PlainTextElement, SectionBlock, TaskUpdateChunk } from "@slack/types"
import { splitLine } from "../../src/label/lines.ts"
import { escaped, harmless } from "./escape.ts"
import { wholeCharacter } from "./split.ts"

export type Block = AnyBlock

export function mrkdwn(text: string): MrkdwnElement {
  return { type: "mrkdwn", text, verbatim: true }
}
export function plain(text: string): PlainTextElement {
  return { type: "plain_text", text, emoji: false }
}
export function mrkdwnSection(text: string): SectionBlock {
  return { type: "section", text: mrkdwn(text), expand: true }
}
export function plainSection(text: string): SectionBlock {
  return { type: "section", text: plain(text), expand: true }
}
export function context(...texts: readonly string[]): ContextBlock {
  return { type: "context", elements: texts.map(mrkdwn) }
}

/** A label line: its words as they are, its address behind the word "verify". */
export function labelBlock(line: string): ContextBlock {
  const { words, url } = splitLine(line)
  return { type: "context", elements: [plain(words.trimEnd()), mrkdwn(`<${escaped(url)}|verify>`)] }
}

const maxTask = 200
/** The one task of a streamed message: new words take the place of the earlier ones. */
export function liveLine(words: string, status: TaskUpdateChunk["status"]): [TaskUpdateChunk] {
  return [{ type: "task_update", id: "draft", title: harmless(shortened(words, maxTask)), status }]
}

const maxButton = 75
export function button(of: {
  readonly action: string
  readonly words: string
  /** For words that a button does not hold. */
  readonly shorter?: string
  readonly value: string
  readonly primary?: "primary"
  readonly confirm?: ConfirmationDialog
}): Button {
  const words = of.words.length <= maxButton ? of.words : shortened(of.shorter ?? of.words, maxButton)
  return {
    type: "button",
    action_id: of.action,
    text: plain(words),
    value: of.value,
    ...(of.primary === undefined ? {} : { style: of.primary }),
    ...(of.confirm === undefined ? {} : { confirm: of.confirm }),
  }
}

/** For furniture only, never for a draft's words: cut at `max`, with a sign that it was. */
export function shortened(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, wholeCharacter(text, max - 1))}…`
}
