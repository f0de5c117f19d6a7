// What passes between this program and the room in which the model is talked to. Parsed on arrival, on both sides.
// Nothing else crosses: no file, no ledger, no platform.
import { z } from "zod"

export const toRoom = z.discriminatedUnion("do", [
  z.object({
    do: z.literal("draft"),
    id: z.number().int(),
    instructions: z.string().max(20_000),
    data: z.string().max(200_000),
    /** The whole request, retries included, is over after so long. */
    budgetMs: z.number().int().positive(),
    /** A model that writes more than this is cut off. */
    maxOutputChars: z.number().int().positive(),
  }),
  z.object({ do: z.literal("abort"), id: z.number().int() }),
])
export type ToRoom = z.infer<typeof toRoom>
export type DraftOrder = Extract<ToRoom, { do: "draft" }>

const id = z.number().int()
export const fromRoom = z.discriminatedUnion("say", [
  z.object({ say: z.literal("writing"), id, words: z.number().int().nonnegative() }),
  z.object({ say: z.literal("waiting"), id }),
  z.object({ say: z.literal("answer"), id, text: z.string().max(400_000) }),
  z.object({
    say: z.literal("fault"),
    id,
    why: z.enum(["unavailable", "timeout", "malformed", "refused"]),
    /** For operators: a status and a code, never a text of the server's, which may repeat the prompt or the key. */
    detail: z.string().regex(/^[\w .,()'-]{0,120}$/),
  }),
  /** Answer to `abort`. */
  z.object({ say: z.literal("aborted"), id }),
])
export type FromRoom = z.infer<typeof fromRoom>

/** What the model answers with. Also the schema it is told. */
export const answerShape = z.object({
  answer: z.string().describe("The answer in Markdown, citing sources as [1]. Empty when declined."),
  citations: z.array(z.number().int().min(0).max(999)).describe("The numbers of the sources that the answer rests on."),
  declined: z.boolean().describe("True when no useful answer can be given."),
})
