#!/usr/bin/env node
// The command. Plain JavaScript that any Node can read: it goes on under Node 24, its own or the pinned one beside it,
// or says in words what is missing.
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"

const needed = 24
const main = fileURLToPath(new URL("../main.ts", import.meta.url))
if (Number(process.versions.node.split(".")[0]) >= needed) {
  process.argv[1] = main
  await import("../main.ts")
} else {
  const pinned = fileURLToPath(new URL("../../node_modules/node/bin/node", import.meta.url))
  if (!existsSync(pinned)) {
    console.error(`Countersign needs Node ${needed} or later; this is Node ${process.versions.node}.`)
    console.error('Run "npm ci" in its folder, which brings its own, or install Node 24 from https://nodejs.org.')
    process.exit(1)
  }
  const child = spawn(pinned, [main, ...process.argv.slice(2)], { stdio: "inherit" })
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal))
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)))
}
