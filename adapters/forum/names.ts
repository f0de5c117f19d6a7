// What people may be called. A name stands on label lines ("approved by …"), so it may not imitate one, nor another person's.

const maxLength = 40
const allowed = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} '’.()-]*$/u

/** The name as it will stand, or the sentence that says what is wrong with it. */
export function checkName(raw: string): { readonly name: string } | { readonly words: string } {
  const name = raw.normalize("NFKC").replace(/\s+/gu, " ").trim()
  if (name.length === 0) return { words: "Write the name that others will see." }
  if ([...name].length > maxLength) return { words: `A name has at most ${maxLength} characters.` }
  if (!allowed.test(name)) return { words: "A name has letters, digits, spaces, dots, hyphens and apostrophes only." }
  // "approved by Rin and Bo" must mean two people.
  if (/(^| )and( |$)/i.test(name)) return { words: "A name stands for one person: leave out the word “and”." }
  if (reserved.has(lookOf(name))) return { words: "That name is taken. Choose another one." }
  return { name }
}

/** A name from an identity provider, made safe instead of refused. */
export function tameName(raw: string): string {
  const cleaned = [...raw.normalize("NFKC")]
    .map((c) => (/[\p{L}\p{M}\p{N} '’.()-]/u.test(c) ? c : " "))
    .join("")
    .replace(/(^| )and(?= |$)/gi, " ")
    .replace(/\s+/g, " ")
    .replace(/^[^\p{L}\p{N}]+/u, "")
    .trim()
  const name = [...cleaned]
    .slice(0, maxLength - 4)
    .join("")
    .trim()
  return "name" in checkName(name) ? name : "Member"
}

// The letters that look like Latin ones in common fonts (from Unicode's confusables, Greek and Cyrillic).
const lookalikes: Record<string, string> = {
  а: "a",
  в: "b",
  с: "c",
  ԁ: "d",
  е: "e",
  ғ: "f",
  һ: "h",
  н: "h",
  і: "l",
  ї: "l",
  ј: "j",
  к: "k",
  ӏ: "l",
  м: "m",
  о: "o",
  р: "p",
  ԛ: "q",
  ѕ: "s",
  т: "t",
  у: "y",
  ѵ: "v",
  ԝ: "w",
  х: "x",
  г: "r",
  п: "n",
  ь: "b",
  α: "a",
  β: "b",
  γ: "y",
  ε: "e",
  η: "n",
  ι: "l",
  κ: "k",
  ν: "v",
  ο: "o",
  ρ: "p",
  τ: "t",
  υ: "u",
  χ: "x",
  ω: "w",
  ı: "l",
  ł: "l",
  ø: "o",
  đ: "d",
  ß: "ss",
  "0": "o",
  "1": "l",
  "5": "s",
  i: "l",
}
/** How a name looks: two names with the same look are one name too many. */
export function lookOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "")
  return [...plain]
    .map((c) => lookalikes[c] ?? c)
    .join("")
    .replaceAll("rn", "m")
    .replaceAll("vv", "w")
}
const reserved = new Set(["Countersign", "Countersign bot", "system", "admin", "moderator", "Somebody who left"].map(lookOf))
