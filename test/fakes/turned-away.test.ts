// Who opens a WebSocket and is turned away may break off at once; the local platforms live on.
import { once } from "node:events"
import { connect } from "node:net"
import { expect, test } from "@jest/globals"
import { startDiscord } from "./discord/discord.ts"
import { startSlack } from "./slack/slack.ts"

test.each([
  ["Slack", () => startSlack()],
  ["Discord", () => startDiscord({ gateway: "down" })],
] as const)("%s", async (_name, start) => {
  const server = await start()
  const { host, port } = new URL(server.url)
  const socket = connect({ host: "127.0.0.1", port: Number(port), allowHalfOpen: true })
  const upgrade = ["GET / HTTP/1.1", `Host: ${host}`, "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"]
  socket.write(`${[...upgrade, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", ""].join("\r\n")}`)
  const [said] = (await once(socket, "data")) as [Buffer]
  expect(String(said)).toMatch(/^HTTP\/1.1 (401|503)/)
  socket.resetAndDestroy()
  await once(socket, "close")
  expect((await fetch(server.url)).status).toBeGreaterThan(0)
  await server.close()
})
