// A real browser for tests: the chromium of the system, through playwright-core. Where there is none, null and a clear word;
// with COUNTERSIGN_REQUIRE_BROWSER=1, which .ci/run sets, a missing browser is a failure.
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import { test } from "@jest/globals"
import { type Browser, chromium } from "playwright-core"

type Variables = Readonly<Record<string, string | undefined>>

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
/** Nothing but what a test asks for goes over the network: no updates, no sync, no guesses at addresses. */
const closedNetwork = [
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--disable-domain-reliability",
  "--disable-dev-shm-usage",
  "--no-first-run",
  "--no-default-browser-check",
]
export const noBrowser = "no chromium found: install it (apt-get install chromium) or name it in CHROMIUM_PATH"

/** Path of the browser, or null where there is none. Throws when one is required, or when CHROMIUM_PATH leads nowhere. */
export function findBrowser(variables: Variables = process.env): string | null {
  const named = variables["CHROMIUM_PATH"]
  if (named !== undefined && named !== "") {
    if (runs(named)) return named
    throw new Error(`CHROMIUM_PATH is ${named}, which cannot be run. Set it to a chromium, or leave it out.`)
  }
  const folders = (variables["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "")
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find(runs)
  if (found === undefined && variables["COUNTERSIGN_REQUIRE_BROWSER"] === "1") throw new Error(`A browser is required here, but ${noBrowser}.`)
  return found ?? null
}

/** `test` where there is a browser; a skipped test where there is none. By this name, so that no `test.skip` is left in by hand. */
export const browserTest = findBrowser() === null ? test["skip"] : test

/** A browser that its caller closes, or null, said once on stderr. */
export async function openBrowser(variables: Variables = process.env): Promise<Browser | null> {
  const executablePath = findBrowser(variables)
  if (executablePath === null) {
    process.stderr.write(`Browser tests are skipped: ${noBrowser}.\n`)
    return null
  }
  return chromium.launch({ executablePath, args: [...closedNetwork, ...sandbox()] })
}

/** Chromium has no sandbox for root. Anybody else keeps it. */
const sandbox = () => (process.getuid?.() === 0 ? ["--no-sandbox"] : [])

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
