// What machines ask of the one port: health, keys, and who gets which request.
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { afterEach, beforeEach, expect, test } from "@jest/globals"
import { openPort, type Port } from "../../src/web/port.ts"
import { silentLog } from "../harness/walk.ts"
import { type House, openHouse } from "./house.ts"

let house: House
const ports: Port[] = []
beforeEach(async () => {
  house = await openHouse()
})
afterEach(async () => {
  await house.close()
  await Promise.all(ports.splice(0).map((p) => p.close(0)))
})
const open = async (port = 0) => {
  const opened = await openPort({ host: "127.0.0.1", port }, silentLog)
  ports.push(opened)
  return { opened, at: `http://127.0.0.1:${opened.number}` }
}

test("healthz is well while the ledger answers, whatever the host is called", async () => {
  const answer = await house.get("/healthz", null, { host: "10.0.0.7:3000" })
  expect(answer.status).toBe(200)
  expect(await answer.json()).toEqual({ status: "ok", version: "0.0.0", ledger: "ok" })
})
test("healthz fails when the ledger does not answer", async () => {
  const sick = await openHouse((p) => ({ ...p, ledger: { ...p.ledger, read: () => Promise.reject(new Error("gone")) } as never }))
  expect((await sick.get("/healthz")).status).toBe(503)
  await sick.close()
})
test("keys are public, for verifiers on any site, and hold no private part", async () => {
  const answer = await house.get("/.well-known/jwks.json")
  expect(answer.headers.get("access-control-allow-origin")).toBe("*")
  const { keys } = (await answer.json()) as { keys: object[] }
  expect(keys).toHaveLength(1)
  expect(keys[0]).not.toHaveProperty("d")
})
test("every page keeps strict headers", async () => {
  for (const path of ["/console", "/l/01ARZ3NDEKTSV4RRFFQ69G5FAV", "/healthz"]) {
    const { headers } = await house.get(path)
    expect(headers.get("content-security-policy")).toContain("default-src 'none'")
    expect(headers.get("x-content-type-options")).toBe("nosniff")
  }
})
test("a page that fails says so without telling why", async () => {
  const sick = await openHouse((p) => ({ ...p, ledger: { ...p.ledger, find: () => Promise.reject(new Error("secret detail")) } as never }))
  const answer = await sick.get("/l/01ARZ3NDEKTSV4RRFFQ69G5FAV")
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain("secret detail")
  await sick.close()
})

test("before anything is behind it, the port asks for patience", async () => {
  const { at } = await open()
  expect((await fetch(at)).status).toBe(503)
})
test("the longest prefix gets the request", async () => {
  const { opened, at } = await open()
  const says = (words: string) => (_: unknown, response: { end(words: string): void }) => response.end(words)
  opened.mount(
    new Map([
      ["/", says("forum")],
      ["/l", says("labels")],
      ["/slack/", says("slack")],
    ] as never),
  )
  const ask = async (path: string) => (await fetch(`${at}${path}`)).text()
  expect(await Promise.all(["/", "/l/1", "/l", "/login", "/slack/events", "/?/l/"].map(ask))).toEqual([
    "forum",
    "labels",
    "labels",
    "forum",
    "slack",
    "forum",
  ])
})
test("a listener that throws answers with a clean page, and the port goes on", async () => {
  const { opened, at } = await open()
  opened.mount(new Map([["/", () => Promise.reject(new Error("secret detail"))]] as never))
  const answer = await fetch(at)
  expect(answer.status).toBe(500)
  expect(await answer.text()).toMatch(/^Something went wrong on our side, and nothing was changed/)
})
test("a port in use is told with its cure", async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve))
  const { port } = other.address() as AddressInfo
  await expect(openPort({ host: "127.0.0.1", port }, silentLog)).rejects.toThrow(
    `Another program already listens on 127.0.0.1 port ${port}. Stop it, or choose another port: PORT=${port + 1}.`,
  )
  await new Promise((resolve) => other.close(resolve))
})
