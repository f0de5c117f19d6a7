// The thread of a card as an agent's session: its status, which is where Slack's own Stop button comes from, and the lines that an
// earlier process may have left open in it. Sends no words.
import type { WorkspaceId } from "../../src/core/domain.ts"
import type { Clients } from "./clients.ts"
import type { MessageAt } from "./ids.ts"
import { isOurs, type SlackMessage } from "./own.ts"

/** `suspended`: it waits for the person. */
export type Status = "processing" | "suspended" | "active"
const title = "Draft for you"

export interface Sessions {
  turn(workspace: WorkspaceId, thread: MessageAt, to: Status): Promise<void>
  /** Replies of ours since then, in which a stream may still run. */
  ours(workspace: WorkspaceId, thread: MessageAt, since: number): Promise<readonly MessageAt[]>
}
export function sessions(clients: Clients): Sessions {
  return {
    async turn(workspace, thread, to) {
      const client = await clients.control(workspace)
      await client.agents.sessions.setStatus({ channel_id: thread.channel, thread_ts: thread.ts, status: to, title })
    },
    async ours(workspace, { channel, ts }, since) {
      const team = await clients.team(workspace)
      if (team === null) return []
      const client = await clients.control(workspace)
      const oldest = (since / 1000).toFixed(6)
      const got = await client.conversations.replies({ channel, ts, oldest, limit: 100 })
      // The beginning of a thread comes along whatever is asked for.
      const replies = ((got.messages ?? []) as readonly SlackMessage[]).filter((m) => m.ts !== ts && isOurs(team, m))
      return replies.flatMap((m) => (m.ts === undefined ? [] : [{ channel, ts: m.ts }]))
    },
  }
}
