// Cuts long texts where it hurts least: between paragraphs, else lines, else words, else characters; never within one.

/** Pieces of at most `max` UTF-16 units. White space at a cut is left out: a reader sees a line break there anyway. */
export function cut(text: string, max: number): readonly string[] {
  const pieces: string[] = []
  let rest = text.trim()
  while (rest.length > max) {
    const at = cutAt(rest, max)
    pieces.push(rest.slice(0, at).trimEnd())
    rest = rest.slice(at).trimStart()
  }
  return rest === "" ? pieces : [...pieces, rest]
}
function cutAt(text: string, max: number): number {
  for (const between of ["\n\n", "\n", " "]) {
    const at = text.lastIndexOf(between, max - between.length)
    // Not so early that the pieces become crumbs.
    if (at > max / 2) return at
  }
  return wholeCharacter(text, max)
}
/** The last place up to `max` that is not within a surrogate pair. */
export function wholeCharacter(text: string, max: number): number {
  const unit = text.charCodeAt(max)
  return unit >= 0xdc00 && unit <= 0xdfff ? max - 1 : max
}

/** Escaped code, cut between lines; a line that is longer than `max` between characters, and not within an entity. */
export function splitCode(text: string, max: number): readonly string[] {
  const room = max - "```\n\n```".length
  const pieces: string[] = []
  let rest = text
  while (rest.length > room) {
    const at = rest.lastIndexOf("\n", room)
    if (at > 0) {
      pieces.push(rest.slice(0, at))
      rest = rest.slice(at + 1)
      continue
    }
    const entity = /&[a-z]{0,3}$/.exec(rest.slice(0, room))
    const end = wholeCharacter(rest, entity?.index ?? room)
    pieces.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return [...pieces, rest].filter((piece) => piece.trim() !== "")
}
