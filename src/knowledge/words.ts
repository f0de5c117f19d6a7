// What counts as a word when texts are compared: lower case, without endings, without the words every English text has.
// Shared by the search, and by drafters that judge whether a passage is about what was asked.

const common = new Set(
  (
    "a about ago after all also am an and any anybody anyone are around as at be because been before being but by can cannot could did do does doing done " +
    "for from get gets getting go goes going good got had has have he her here hers him his how i if in into is it its just know let like long may me might " +
    "mine more most much many must my need no not now of off on one only or other our ours out over please same say says she should so some somebody someone " +
    "something such tell than thank thanks that the their them then there these they thing this those through to too until up us use very want was way we " +
    "were what when where whether which while who whom whose why will with without would yes you your yours hello hi hey don't doesn't isn't i'm it's " +
    "what's how's that's there's can't won't didn't i've happen happens"
  ).split(" "),
)

/** Words of a text in order, as compared; common words left out. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      .replaceAll("’", "'")
      .match(/[\p{L}\p{N}]+(?:['_.-][\p{L}\p{N}]+)*/gu) ?? []
  ).flatMap(partsOf)
}
/** `vault-rotate.sh` is itself and its parts. */
function partsOf(token: string): string[] {
  if (common.has(token)) return []
  const parts = token.split(/['_.-]/).filter((p) => p.length > 1 && !common.has(p))
  return (parts.length > 1 ? [token, ...parts] : [token]).map(stem)
}

/** The common endings of English only: enough that `asking` finds `asks`. Porter's stemmer cost more with typos than it won. */
export function stem(word: string): string {
  if (!/^[a-z']+$/.test(word)) return word
  let w = word.replace(/'s$|s'$/, "")
  if (w.length > 4 && w.endsWith("ies")) w = `${w.slice(0, -3)}y`
  else if (w.length > 4 && /(?:ss|sh|ch|x|z)es$/.test(w)) w = w.slice(0, -2)
  else if (w.length > 3 && /[^su]s$/.test(w)) w = w.slice(0, -1)
  if (w.length > 5 && w.endsWith("ing")) w = undoubled(w.slice(0, -3))
  else if (w.length > 4 && w.endsWith("ed")) w = undoubled(w.slice(0, -2))
  else if (w.length > 5 && w.endsWith("er")) w = undoubled(w.slice(0, -2))
  return w.length > 4 && w.endsWith("e") ? w.slice(0, -1) : w
}
function undoubled(w: string): string {
  return /([bdgmnprt])\1$/.test(w) ? w.slice(0, -1) : w
}
