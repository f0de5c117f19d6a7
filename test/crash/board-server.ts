// The board on a wire, so that it outlives the processes that are killed. Whatever arrived is posted, whether or not the
// sender lives to read the reply.
import { createServer, type IncomingMessage, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { Board } from "../fakes/board/board.ts"

export interface BoardServer {
  readonly url: string
  boardOf(name: string): Board
  close(): Promise<void>
}
export async function startBoardServer(): Promise<BoardServer> {
  const boards = new Map<string, Board>()
  const boardOf = (name: string) => {
    const found = boards.get(name) ?? new Board()
    boards.set(name, found)
    return found
  }
  const server: Server = createServer((request, response) => {
    void (async () => {
      const [, name = "", call = ""] = (request.url ?? "").split("/")
      const asked = JSON.parse(await textOf(request)) as { attempt: string; channel: string; html: string; first: string; last: string; jws: string }
      const board = boardOf(name)
      const answer = call === "post" ? board.post(asked) : board.find(asked.attempt)
      response.setHeader("content-type", "application/json").end(JSON.stringify(answer))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    boardOf,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
async function textOf(request: IncomingMessage): Promise<string> {
  let text = ""
  for await (const chunk of request) text += String(chunk)
  return text === "" ? "{}" : text
}
