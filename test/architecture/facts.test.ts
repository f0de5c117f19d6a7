// Facts hold ids, pseudonyms and salted digests, never text: a sentence fits into no field of any fact.
import { expect, test } from "@jest/globals"
import { z } from "zod"
import { payload } from "../../src/core/facts.ts"

const sentence = "The disk is full, restart it."
type Shape = Readonly<Record<string, z.core.$ZodType>>
const kindOf = (shape: Shape) => [...(shape["kind"] as z.ZodLiteral<string>).values][0] as string
const shapes = payload.options.map((option) => option.shape as unknown as Shape)
const fields = shapes.flatMap((shape) => Object.entries(shape).map(([field, schema]) => [`${kindOf(shape)}.${field}`, schema] as const))
const whole: Readonly<Record<string, z.core.$ZodType>> = Object.fromEntries(fields)

test.each(fields)("%s takes no sentence", (_name, schema) => {
  expect(z.safeParse(schema, sentence).success).toBe(false)
  expect(z.safeParse(schema, [sentence]).success).toBe(false)
  expect(z.safeParse(schema, { text: sentence }).success).toBe(false)
})

test("an id, a digest and an address still fit", () => {
  expect(z.safeParse(whole["asked.message"] as z.ZodType, "1763712000.000100").success).toBe(true)
  expect(z.safeParse(whole["drafted.digest"] as z.ZodType, "q".repeat(43)).success).toBe(true)
  expect(z.safeParse(whole["posted.url"] as z.ZodType, "https://forum.example/t/1#m2").success).toBe(true)
  expect(z.safeParse(whole["drafted.blocks"] as z.ZodType, ["length", "secrets:3"]).success).toBe(true)
})
