// One question to a model's server, in the first of three ways that it understands: the Responses API, chat completions
// with a schema, chat completions with plain JSON. A way that worked is remembered, a way that did not is not tried again.
// Streams, so that progress shows and a cut is seen; hands on only how much was written, never what.
import type OpenAI from "openai"
import { z } from "zod"
import { asksDifferently, NoAnswer } from "./faults.ts"
import { answerShape, type DraftOrder } from "./wire.ts"

type Way = "responses" | "chat-schema" | "chat-object"
const ways: readonly Way[] = ["responses", "chat-schema", "chat-object"]
const schema = z.toJSONSchema(answerShape, { target: "draft-7" }) as Record<string, unknown>
delete schema.$schema

export interface Asking {
  readonly signal: AbortSignal
  /** Called with each piece that was written, as it comes. */
  readonly onWritten: (piece: string) => void
}
export type AskModel = (order: DraftOrder, how: Asking) => Promise<string>

/** Throws {@link NoAnswer} or an error of the client. */
export function asker(client: OpenAI, model: string): AskModel {
  let first = 0
  return async (order, how) => {
    for (let i = first; ; i++) {
      const way = ways[i]
      if (way === undefined) throw new NoAnswer("unavailable", "the server knows no way of asking that we know")
      try {
        const text = await (way === "responses" ? byResponses : byChat)(client, model, order, how, way)
        first = i
        return text
      } catch (error) {
        if (!asksDifferently(error) || i === ways.length - 1) throw error
      }
    }
  }
}

async function byResponses(client: OpenAI, model: string, order: DraftOrder, how: Asking): Promise<string> {
  const stream = await client.responses.create(
    {
      model,
      instructions: order.instructions,
      input: [{ role: "user", content: order.data }],
      text: { format: { type: "json_schema", name: "draft", schema, strict: true } },
      store: false,
      stream: true,
    },
    { signal: how.signal },
  )
  let text = ""
  for await (const event of stream) {
    switch (event.type) {
      case "response.output_text.delta":
        text = written(text, event.delta, order, how)
        break
      case "response.refusal.delta":
      case "response.refusal.done":
        throw new NoAnswer("refused", "the model refused")
      case "response.incomplete": {
        const reason = event.response.incomplete_details?.reason
        throw reason === "content_filter" ? new NoAnswer("refused", "stopped by a filter") : new NoAnswer("malformed", "the answer is not complete")
      }
      case "response.failed":
      case "error":
        throw new NoAnswer("unavailable", "the model failed")
      case "response.completed":
        // A server may send the text only here.
        return text !== "" ? text : written("", textOf(event.response.output), order, how)
    }
  }
  throw new NoAnswer("unavailable", "the answer broke off")
}
function textOf(output: readonly OpenAI.Responses.ResponseOutputItem[] | undefined): string {
  const contents = (output ?? []).flatMap((item) => (item.type === "message" ? item.content : []))
  if (contents.some((c) => c.type === "refusal")) throw new NoAnswer("refused", "the model refused")
  return contents.map((c) => (c.type === "output_text" ? c.text : "")).join("")
}

async function byChat(client: OpenAI, model: string, order: DraftOrder, how: Asking, way: Way): Promise<string> {
  const stream = await client.chat.completions.create(
    {
      model,
      messages: [
        { role: "system", content: order.instructions },
        { role: "user", content: order.data },
      ],
      response_format:
        way === "chat-schema" ? { type: "json_schema", json_schema: { name: "draft", schema, strict: true } } : { type: "json_object" },
      store: false,
      stream: true,
    },
    { signal: how.signal },
  )
  let text = ""
  let finished: string | null = null
  for await (const chunk of stream) {
    const choice = chunk.choices?.[0]
    if (choice?.delta?.refusal) throw new NoAnswer("refused", "the model refused")
    if (choice?.delta?.content) text = written(text, choice.delta.content, order, how)
    finished = choice?.finish_reason ?? finished
  }
  switch (finished) {
    case "stop":
      return text
    case "content_filter":
      throw new NoAnswer("refused", "stopped by a filter")
    case null:
      throw new NoAnswer("unavailable", "the answer broke off")
    default:
      throw new NoAnswer("malformed", "the answer is not complete")
  }
}

function written(before: string, piece: string, order: DraftOrder, how: Asking): string {
  if (before.length + piece.length > order.maxOutputChars) throw new NoAnswer("malformed", "the model wrote without end")
  how.onWritten(piece)
  return before + piece
}
