// What only the app's own page at Slack shows: events, interactivity, the command, the shortcuts. No token that the server has can
// read it; a configuration token can, by the app's manifest. Without one the page has to be looked at, and here is what for.
import { z } from "zod"
import { scopesOfEvents } from "./scopes.ts"
import { shortcutIds } from "./shortcuts.ts"

const command = "/countersign"
const eventsPath = "/slack/events"
const events = Object.keys(scopesOfEvents)
const shortcutNames: Readonly<Record<keyof typeof shortcutIds, string>> = {
  draft: "Draft an answer",
  report: "Report this answer",
  actedOn: "I acted on this",
}

const url = z.string().optional()
const manifest = z.looseObject({
  features: z
    .looseObject({
      app_home: z
        .looseObject({
          home_tab_enabled: z.boolean().optional(),
          messages_tab_enabled: z.boolean().optional(),
          messages_tab_read_only_enabled: z.boolean().optional(),
        })
        .optional(),
      shortcuts: z.array(z.looseObject({ callback_id: z.string() })).optional(),
      slash_commands: z.array(z.looseObject({ command: z.string(), url })).optional(),
    })
    .optional(),
  settings: z
    .looseObject({
      event_subscriptions: z.looseObject({ bot_events: z.array(z.string()).optional(), request_url: url }).optional(),
      interactivity: z.looseObject({ is_enabled: z.boolean().optional(), request_url: url }).optional(),
      socket_mode_enabled: z.boolean().optional(),
    })
    .optional(),
})

/** In words, each with its cure; empty when the app is set up as manifest.yml has it. `by`: how this server hears Slack. */
export function manifestProblems(exported: unknown, by: "socket" | "http"): readonly string[] {
  const read = manifest.safeParse(exported)
  if (!read.success) return ["Slack gave the app's manifest in a form that is not known here. Compare it with manifest.yml yourself."]
  const { features, settings } = read.data
  const home = features?.app_home
  const missing = events.filter((e) => !(settings?.event_subscriptions?.bot_events ?? []).includes(e))
  const unknown = Object.entries(shortcutIds).filter(([, id]) => !(features?.shortcuts ?? []).some((s) => s.callback_id === id))
  const slash = features?.slash_commands?.find((c) => c.command === command)
  const addresses = [settings?.event_subscriptions?.request_url, settings?.interactivity?.request_url, slash?.url]
  const socket = settings?.socket_mode_enabled === true
  return [
    missing.length === 0 ? null : `The app is not subscribed to ${missing.join(", ")}. Add it under Event Subscriptions, Subscribe to bot events.`,
    settings?.interactivity?.is_enabled === true ? null : "Interactivity is off, so no button works. Switch it on under Interactivity & Shortcuts.",
    ...unknown.map(
      ([kind, id]) =>
        `The shortcut "${shortcutNames[kind as keyof typeof shortcutIds]}" is missing. Add one on messages with the callback id ${id}, under Interactivity & Shortcuts.`,
    ),
    slash === undefined ? `The command ${command} is missing. Add it under Slash Commands.` : null,
    home?.messages_tab_enabled === true && home.messages_tab_read_only_enabled !== true
      ? null
      : "People cannot write to the app. Switch the Messages Tab on under App Home, and let people write in it.",
    home?.home_tab_enabled === true ? null : "The Home Tab is off. Switch it on under App Home.",
    by === "socket" && !socket ? "Socket Mode is off, and SLACK_APP_TOKEN needs it. Switch it on under Socket Mode." : null,
    by === "http" && socket
      ? "Socket Mode is on, so Slack sends nothing to an address. Switch it off under Socket Mode, or set SLACK_APP_TOKEN."
      : null,
    by === "http" && !socket && !addresses.every((a) => a !== undefined && URL.parse(a)?.pathname === eventsPath)
      ? `Not every address that Slack sends to ends in ${eventsPath}: those of events, of interactivity and of ${command} must.`
      : null,
  ].filter((p) => p !== null)
}
/** For whoever looks at the page themselves. `appId`: empty when it is not known. */
export function whatToLookFor(appId: string): readonly string[] {
  return [
    `Not to be seen from here, only on https://api.slack.com/apps/${appId}:`,
    `  Event Subscriptions has ${events.join(", ")};`,
    `  Interactivity & Shortcuts is on, with ${Object.values(shortcutNames).join(", ")};`,
    `  Slash Commands has ${command}; App Home has both tabs, and people may write in the Messages Tab.`,
    "  An app that was made from manifest.yml has them all. To have them compared: SLACK_CONFIG_TOKEN=xoxe.xoxp-… for this one command.",
  ]
}
