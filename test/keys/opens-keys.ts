// A process that waits for the word, opens the keys, and says which it got. Forked by keys.test.ts.
import { openKeys } from "../../adapters/keys/index.ts"
import type { PersonId } from "../../src/core/domain.ts"

process.send?.("ready")
process.once("message", async () => {
  const keys = await openKeys(process.argv[2] as string)
  process.send?.({ label: keys.label.keyId, log: keys.log.keyId, rin: keys.pseudonyms.of("forum:1" as PersonId) }, () => process.disconnect())
})
