// How a command other than `start` gets to the ledger: with as little of the configuration as possible, and quiet logs.
import { loadStore } from "../config.ts"
import { createLog } from "../log.ts"
import type { Beside, Wiring } from "./wiring.ts"

/** Throws a fault whose message is meant for the operator. */
export function openBeside(wiring: Wiring): Promise<Beside> {
  return wiring.beside(loadStore(), createLog("error"))
}
