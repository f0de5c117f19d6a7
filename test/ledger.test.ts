// The ledger's contract on both stores, in one code path with two guards.
import { ledgerContract } from "./contracts/ledger.ts"
import { stores, useStores } from "./harness/ledgers.ts"

const opens = useStores()
for (const store of stores) ledgerContract(store, () => opens.place(store))
