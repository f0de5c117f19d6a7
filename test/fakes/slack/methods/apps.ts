// apps.connections.open, and the status line of assistants, which came before agents' sessions.

import type { Sockets } from "../deliver/socket.ts"
import { refuse } from "../refusal.ts"
import type { Method } from "../web/method.ts"
import { tiers, visibleChannel } from "../web/method.ts"

export const apps = (sockets: Sockets): Readonly<Record<string, Method>> => ({
  "apps.connections.open": {
    token: "app",
    scopes: ["connections:write"],
    tier: tiers.two,
    run: ({ app }) => (app.socketMode ? { url: sockets.ticketUrl(app) } : refuse("forbidden_for_app")),
  },
  "assistant.threads.setStatus": {
    token: "bot",
    scopes: ["assistant:write", "chat:write"],
    tier: 600,
    run: (call) => {
      const channel = visibleChannel(call, call.args.must("channel_id"))
      call.args.must("thread_ts")
      if (call.args.text("status") === null) refuse("invalid_arguments")
      return channel.archived ? refuse("is_archived") : {}
    },
  },
})
