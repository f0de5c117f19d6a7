// How much of a draft a person changed, as the label says it.
import { expect, test } from "@jest/globals"
import { editSize } from "../src/flow/compose.ts"

const words = (n: number, kind: string) => Array.from({ length: n }, (_, i) => `${kind}${(i * 7919) % 100_003}`)
const text = words(100, "w")
const changed = (n: number) => text.map((w, i) => (i % 3 === 0 && i < 3 * n ? "other" : w)).join(" ")

test("what reads the same is not edited", () => {
  expect(editSize("One  two.\n", "One two.")).toBe("none")
})
test("up to 15 % of the words are minor, one more is not", () => {
  expect(editSize(text.join(" "), changed(1))).toBe("minor")
  expect(editSize(text.join(" "), changed(15))).toBe("minor")
  expect(editSize(text.join(" "), changed(16))).toBe("substantive")
  expect(editSize("", "a whole answer")).toBe("substantive")
  expect(editSize("yes", "no")).toBe("substantive")
})
test("a long text that was written anew is compared without holding up a stop", () => {
  // Compared to the end this takes minutes, far beyond what a test may take.
  expect(editSize(words(14_000, "a").join(" "), words(14_000, "b").join(" "))).toBe("substantive")
})
