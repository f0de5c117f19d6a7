// `countersign verify`: checks labels and says what was found. Needs no configuration and no server of our own.
import type { ExitCode, Printer } from "./print.ts"
import { verifyInput } from "./verify.ts"
import { describe } from "./verify-words.ts"

export async function verify(input: string, issuers: readonly string[], out: Printer): Promise<ExitCode> {
  const result = await verifyInput(input, { issuers })
  out.say({ ...result }, describe(result))
  return result.exit
}
