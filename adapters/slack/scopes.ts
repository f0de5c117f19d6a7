// What the app may do in a workspace, and what it must never be able to do: one table of the calls the code makes, each with the
// scopes it needs. manifest.yml asks for exactly these; a test compares the two with the calls in the sources.

/** Every Web API method that is called here. For `conversations.*` the scope depends on the kind of channel, so all four are needed. */
export const scopesOf: Readonly<Record<string, readonly string[]>> = {
  "auth.test": [],
  "auth.revoke": [],
  "apps.connections.open": [],
  "apps.manifest.export": [],
  "oauth.v2.access": [],
  "chat.postMessage": ["chat:write"],
  "chat.postEphemeral": ["chat:write"],
  "chat.update": ["chat:write"],
  "chat.delete": ["chat:write"],
  "chat.getPermalink": [],
  "chat.startStream": ["chat:write"],
  "chat.appendStream": ["chat:write"],
  "chat.stopStream": ["chat:write"],
  "agents.sessions.setStatus": ["chat:write"],
  "conversations.info": ["channels:read", "groups:read", "im:read", "mpim:read"],
  "conversations.members": ["channels:read", "groups:read", "im:read", "mpim:read"],
  "users.conversations": ["channels:read", "groups:read", "im:read", "mpim:read"],
  "conversations.history": ["channels:history", "groups:history", "im:history", "mpim:history"],
  "conversations.replies": ["channels:history", "groups:history", "im:history", "mpim:history"],
  "conversations.open": ["im:write"],
  "users.info": ["users:read"],
  "bots.info": ["users:read"],
  "team.info": ["team:read"],
  "views.open": [],
  "views.update": [],
  "views.push": [],
  "views.publish": [],
}
/** Every event that is listened to, as the manifest names them. */
export const scopesOfEvents: Readonly<Record<string, readonly string[]>> = {
  app_mention: ["app_mentions:read"],
  app_home_opened: [],
  "message.channels": ["channels:history"],
  "message.groups": ["groups:history"],
  "message.im": ["im:history"],
  "message.mpim": ["mpim:history"],
  app_uninstalled: [],
  tokens_revoked: [],
}
/** Events of an app that is set up as an agent, which the plain manifest is not: docs/slack.md has what to add. */
export const scopesOfAgents: Readonly<Record<string, readonly string[]>> = {
  agent_session_stopped: ["assistant:write"],
}
/** Slash command and shortcuts. */
const ofInteractivity = ["commands"]

export const neededScopes: readonly string[] = [
  ...new Set([...Object.values(scopesOf).flat(), ...Object.values(scopesOfEvents).flat(), ...ofInteractivity]),
].sort()

/** With these a stolen token could post where we see nothing, or under another name. */
export const forbiddenScopes: Readonly<Record<string, string>> = {
  "chat:write.public": "it would let posts out in channels that the app is not in, where nobody here would see them",
  "chat:write.customize": "it would let posts out under another name, and such posts cannot be taken back",
}

/** In words, with the cure; empty when all is well. */
export function scopeProblems(granted: readonly string[]): readonly string[] {
  const forbidden = Object.entries(forbiddenScopes)
    .filter(([scope]) => granted.includes(scope))
    .map(([scope, why]) => `The Slack app has the scope ${scope}, which it must not have: ${why}. Remove it from the app, and install the app again.`)
  const missing = neededScopes.filter((scope) => !granted.includes(scope))
  if (missing.length === 0) return forbidden
  const what = missing.length === 1 ? `the scope ${missing[0]}` : `the scopes ${missing.join(", ")}`
  return [...forbidden, `The Slack app lacks ${what}. Add what is missing as manifest.yml has it, and install the app again.`]
}
