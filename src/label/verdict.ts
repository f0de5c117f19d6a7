// What a verifier can say: valid with claims and notes, or invalid with one code. A code is what programs act on, so codes
// are never renamed; the sentences are for people.

export const invalidWords = {
  "no-label": "There is no label here.",
  malformed: "This is not a well-formed label.",
  "wrong-type": "This is signed, but it is not an AI label.",
  "wrong-alg": "The label is not signed with ES256.",
  "unknown-issuer": "The label is from an issuer that you did not choose to trust.",
  "unknown-key": "The issuer does not publish the key that the label names.",
  "expired-key": "The label was issued after its key had ended.",
  "bad-signature": "The signature does not fit: the label was changed, or somebody else made it.",
  "not-issued": "The signature is good, but the issuer does not know this label: its key may have been stolen.",
  retracted: "The answer was retracted.",
  superseded: "A correction replaced the answer.",
  moved: "The label belongs to another place.",
  "hidden-characters": "The text holds characters that readers cannot see.",
  "label-imitation": "The text holds a line that poses as a label.",
  "text-changed": "The text is not the one that was approved.",
} as const
export type InvalidCode = keyof typeof invalidWords

export const noteWords = {
  "no-first-line": "The label line before the answer is missing or was changed.",
  "no-last-line": "The label line after the answer is missing or was changed.",
  "text-not-compared": "The label is genuine; no text was compared with it.",
  "place-not-compared": "Whether the label belongs to this place was not compared.",
  "status-unknown": "Whether the answer was corrected or retracted since could not be asked.",
  "test-label": "A test label: it verifies only on the machine that issued it.",
  "names-picked": "The approver's name is as they typed it at sign-in; nobody checked it.",
} as const
export type NoteCode = keyof typeof noteWords

export interface Note {
  readonly code: NoteCode
  readonly words: string
}
export interface Valid<C> {
  readonly valid: C
  readonly notes: readonly Note[]
}
export interface Invalid<C> {
  readonly invalid: InvalidCode
  /** One sentence for people; may name characters and places, never the text. */
  readonly why: string
  /** What the label says, once its signature was found good. */
  readonly claims: C | null
}
export type Verdict<C> = Valid<C> | Invalid<C>

export function invalid(code: InvalidCode, claims: null, detail?: string): Invalid<never>
export function invalid<C>(code: InvalidCode, claims: C, detail?: string): Invalid<C>
export function invalid<C>(code: InvalidCode, claims: C | null, detail?: string): Invalid<C> {
  return { invalid: code, why: detail === undefined ? invalidWords[code] : `${invalidWords[code]} ${detail}`, claims }
}
export function note(code: NoteCode): Note {
  return { code, words: noteWords[code] }
}
