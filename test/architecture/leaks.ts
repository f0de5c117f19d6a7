// Finds what belongs to one machine and not to the product: somebody's folders, a private registry.
// A folder that every machine has (/tmp, /usr/bin) is no leak.

const personalFolder = /(?<![\w.:/-])\/(work|root|home\/(?!node\b|runner\b)\w+|Users\/\w+|builds?|workspace)\/[\w.-]+/g
const windowsFolder = /\b[A-Z]:\\\\?Users\\/g
const registry = /\bhttps?:\/\/[\w.-]*\b(registry|npm|artifactory|nexus|verdaccio|mirror)\b[\w.-]*(:\d+)?\/[\w./-]*/gi
const publicRegistry = /^https:\/\/(registry\.npmjs\.org|www\.npmjs\.com)\//

/** `<file>: <what>`. The lock file may name the public registry, nothing else any. */
export function leaksIn(path: string, text: string): readonly string[] {
  if (/\.(png|jpe?g|ico|woff2?|gz)$/.test(path) || path === "test/architecture/leaks.test.ts") return []
  const folders = [...text.matchAll(personalFolder), ...text.matchAll(windowsFolder)].map((match) => match[0])
  const registries = [...text.matchAll(registry)]
    .map((match) => match[0])
    .filter((url) => !(path === "package-lock.json" && publicRegistry.test(url)))
  return [...folders, ...registries].map((what) => `${path}: ${what}`)
}
