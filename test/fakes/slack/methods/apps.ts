// apps.connections.open, apps.manifest.export, and the status line of assistants, which came before agents' sessions.

import type { Sockets } from "../deliver/socket.ts"
import { refuse } from "../refusal.ts"
import type { App, Fields } from "../state.ts"
import type { Method } from "../web/method.ts"
import { tiers, visibleChannel } from "../web/method.ts"

function manifestOf(app: App): Fields {
  const at = (url: string | null, name: string) => (app.socketMode || url === null ? {} : { [name]: url })
  return {
    _metadata: { major_version: 2 },
    display_information: { name: app.name },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: app.name },
      shortcuts: [...app.shortcuts].map(([callback_id, type]) => ({ name: callback_id, type, callback_id, description: callback_id })),
      slash_commands: [...app.commands].map((command) => ({ command, description: command, ...at(app.urls.commands, "url") })),
    },
    settings: {
      event_subscriptions: { bot_events: [...app.events].sort(), ...at(app.urls.events, "request_url") },
      interactivity: { is_enabled: true, ...at(app.urls.interactivity, "request_url") },
      org_deploy_enabled: false,
      socket_mode_enabled: app.socketMode,
      token_rotation_enabled: app.rotation,
    },
  }
}
export const apps = (sockets: Sockets): Readonly<Record<string, Method>> => ({
  "apps.connections.open": {
    token: "app",
    scopes: ["connections:write"],
    tier: tiers.two,
    run: ({ app }) => (app.socketMode ? { url: sockets.ticketUrl(app) } : refuse("forbidden_for_app")),
  },
  "apps.manifest.export": { token: "config", tier: tiers.three, run: ({ app }) => ({ manifest: manifestOf(app) }) },
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
