// Every Web API method that this Slack knows; any other is `unknown_method`.
import type { Sockets } from "../deliver/socket.ts"
import type { Method } from "../web/method.ts"
import { apps } from "./apps.ts"
import { chat } from "./chat.ts"
import { conversations } from "./conversations.ts"
import { ephemeral } from "./ephemeral.ts"
import { reading } from "./history.ts"
import type { OAuth } from "./oauth.ts"
import { people } from "./people.ts"
import { sessions } from "./sessions.ts"
import { streams } from "./streams.ts"
import { views } from "./views.ts"

export const methodTable = (sockets: Sockets, oauth: OAuth): ReadonlyMap<string, Method> =>
  new Map(
    Object.entries({
      ...chat,
      ...ephemeral,
      ...conversations,
      ...reading,
      ...people,
      ...views,
      ...streams,
      ...sessions,
      ...apps(sockets),
      ...oauth.methods(),
    }),
  )
