// A process that holds a data folder until it is killed.
import { lockFolder } from "../../adapters/database/lock.ts"

lockFolder(process.argv[2] ?? "")
process.stdout.write("held\n")
setInterval(() => undefined, 60_000)
