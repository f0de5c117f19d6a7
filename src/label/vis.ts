// `vis-1`: one hash for what a reader sees, whatever a platform did to the markup and the white space on its way.
// Deletes ignorable characters first and composes second: the other order is not idempotent (e, U+034F, U+0301).
import { sha256Base64url } from "./canonical.ts"

const ignorable = /\p{Default_Ignorable_Code_Point}/gu
// The Unicode property, not `\s`: that has U+FEFF and lacks U+0085.
const whiteSpace = /\p{White_Space}+/gu

/** The text that is hashed. */
export function normaliseVis(text: string): string {
  return text.toWellFormed().replace(ignorable, "").normalize("NFC").replace(whiteSpace, " ").replace(/^ | $/g, "")
}
/** SHA-256 of the normalised text as UTF-8, base64url. */
export function visHash(text: string): Promise<string> {
  return sha256Base64url(normaliseVis(text))
}

/** A character that readers do not see, or that reorders what they see. `vis-1` deletes it, so the hash does not protect against it. */
export interface HiddenCharacter {
  /** Offset in the text, in UTF-16 code units. */
  readonly at: number
  /** 1 for the first line. */
  readonly line: number
  /** `U+200B`. */
  readonly code: string
}

// Where such characters are ordinary writing. Everything else is reported.
const ordinary = [
  // Flags of England, Scotland, Wales and all other sequences that Unicode recommends. Not any run of tag characters: those can spell text.
  String.raw`\p{RGI_Emoji}`,
  // Emoji joined by U+200D; platforms drop U+FE0F from the middle of them, so it is optional here.
  String.raw`\p{Extended_Pictographic}[\p{Emoji_Modifier}\u{FE0F}]?(?:\u{200D}\p{Extended_Pictographic}[\p{Emoji_Modifier}\u{FE0F}]?)+`,
  // Text or emoji presentation of one character.
  String.raw`\p{Emoji}[\u{FE0E}\u{FE0F}]`,
  // Joiners inside words of scripts that are spelt with them (UAX #31, "Specific Character Adjustments").
  String.raw`(?<=[[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}]&&[\p{L}\p{M}]])[\u{200C}\u{200D}](?=[\p{L}\p{M}])`,
]
// One pass: at each place either an ordinary sequence is stepped over, or a hidden character is caught.
const scan = new RegExp(`(?:${ordinary.join("|")})|(\\p{Default_Ignorable_Code_Point})`, "gv")

/** Every hidden character outside ordinary emoji and ordinary joining, in order. */
export function hiddenCharacters(text: string): readonly HiddenCharacter[] {
  const found: HiddenCharacter[] = []
  let line = 1
  let counted = 0
  for (const match of text.matchAll(scan)) {
    const hidden = match[1]
    if (hidden === undefined) continue
    for (; counted < match.index; counted++) if (text[counted] === "\n") line++
    const code = (hidden.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")
    found.push({ at: match.index, line, code: `U+${code}` })
  }
  return found
}
