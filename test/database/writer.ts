// A process of its own that writes to a ledger. Arguments: where (JSON), a prefix for its requests, how many (or "forever").
// Prints each request's name once its append returned: what was printed must never be lost.
import { openLedger } from "../../adapters/database/ledger.ts"
import { openDatabase, type Where } from "../../adapters/database/open.ts"
import { append, asked, request } from "../harness/history.ts"

const [where, prefix, count] = process.argv.slice(2)
const ledger = await openLedger(await openDatabase(JSON.parse(where ?? "") as Where), { now: () => Date.now() })
const total = count === "forever" ? Number.POSITIVE_INFINITY : Number(count)
for (let i = 0; i < total; i++) {
  const name = `${prefix}${i}`
  if ((await ledger.append(append(request(name), 0, asked({ message: name })))) === "conflict") throw new Error("conflict")
  process.stdout.write(`${name}\n`)
}
await ledger.close()
