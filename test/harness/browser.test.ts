// The browser of the tests starts, shows a page of ours, and its absence is never silent where one is required.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, test } from "@jest/globals"
import { browserTest, findBrowser, openBrowser } from "./browser.ts"

browserTest("a page is shown in a real browser", async () => {
  const server = createServer((_request, response) => response.setHeader("content-type", "text/html").end("<h1>Countersigned</h1>"))
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  const browser = await openBrowser()
  try {
    const page = await browser?.newPage()
    await page?.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    expect(await page?.getByRole("heading").textContent()).toBe("Countersigned")
  } finally {
    await browser?.close()
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
})

test("a named browser that cannot be run is told, not passed over", () => {
  expect(() => findBrowser({ CHROMIUM_PATH: "/nowhere/chromium" })).toThrow("/nowhere/chromium")
})

test("a named browser comes before the others", () => {
  expect(findBrowser({ CHROMIUM_PATH: process.execPath, PATH: "/usr/bin" })).toBe(process.execPath)
})

test("where a browser is required, finding none is a failure; elsewhere it is null", () => {
  expect(findBrowser({ PATH: "/nowhere" })).toBeNull()
  expect(() => findBrowser({ PATH: "/nowhere", COUNTERSIGN_REQUIRE_BROWSER: "1" })).toThrow("A browser is required here")
})
