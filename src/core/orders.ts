// Understands "stop" in a message addressed to the bot. Errs towards stopping: an unneeded stop costs a click, a missed one a leak.

const stopping = new Set(["stop", "halt", "abort", "stopp", "stahp", "shutdown"])
const around = new Set(
  (
    "please pls wait hey ok okay no now just right away immediately at once it that this them all everything everyone anything " +
    "posting answering drafting writing sending replying talking here there the a bot you must have to should need us we i said say " +
    "do not dont don't never post answer draft reply send and any more anymore further for today again dammit thanks thank " +
    "posts answers drafts replies messages message questions in on to from channel thread topic forum room until notice wrong can could " +
    "would will emergency countersign"
  ).split(" "),
)

/** True for "stop", "wait, stop", "STOP. Do not post.", "please don't post that"; false for "how do I stop a container?". */
export function saysStop(textWithoutMention: string): boolean {
  if (textWithoutMention.length > 2_000) return false
  const words = (sentence: string) =>
    sentence
      .toLowerCase()
      .normalize("NFKC")
      .replaceAll("’", "'")
      .match(/[\p{L}']+/gu) ?? []
  const sentences = textWithoutMention
    .split(/[.!?\n;:,–—-]+/u)
    .map(words)
    .filter((s) => s.length > 0)
  return sentences.some((s) => {
    const orders = s.some((w) => stopping.has(w)) || /\b(do not|don't|dont|never) (post|send|answer|reply)\b/.test(s.join(" "))
    return orders && s.every((w) => stopping.has(w) || around.has(w))
  })
}
