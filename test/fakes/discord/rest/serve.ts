// The one HTTP door.
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Dispatcher } from "./dispatch.ts"

export async function serve(req: IncomingMessage, res: ServerResponse, dispatcher: Dispatcher): Promise<void> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    await dispatcher.handle(req, res, Buffer.concat(chunks).toString("utf8"))
  } catch (error) {
    // A caller that went away, or a mistake of ours: then it should be seen.
    if (!res.headersSent && !res.destroyed) res.writeHead(500, { "content-type": "text/plain" }).end(error instanceof Error ? error.stack : "")
  }
}
