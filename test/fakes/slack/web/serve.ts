// The one HTTP door: methods under /api/, response URLs under /actions/.
import type { IncomingMessage, ServerResponse } from "node:http"
import type { ResponseUrls } from "../response-url.ts"
import { parseBody } from "./args.ts"
import type { Dispatcher } from "./dispatch.ts"

export async function serve(req: IncomingMessage, res: ServerResponse, dispatcher: Dispatcher, urls: ResponseUrls): Promise<void> {
  try {
    const chunks: Buffer[] = []
    for await (const chunk of req) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks).toString("utf8")
    const path = new URL(req.url ?? "/", "http://local").pathname
    const type = req.headers["content-type"] ?? ""
    if (path.startsWith("/api/")) await dispatcher.handle(req, res, path.slice("/api/".length), raw)
    else if (path.startsWith("/actions/")) {
      const { status, text } = urls.use(path.slice("/actions/".length), parseBody(raw, type === "" ? "application/json" : type))
      res.writeHead(status).end(text)
    } else res.writeHead(404).end()
  } catch (error) {
    // A caller that went away, or a mistake of ours: then it should be seen.
    if (!res.headersSent && !res.destroyed) res.writeHead(500, { "content-type": "text/plain" }).end(error instanceof Error ? error.stack : "")
  }
}
