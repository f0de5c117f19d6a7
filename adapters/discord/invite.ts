// What the bot asks a server for: the least that lets it read a question and post its answer. Printed as the link that adds it.
import { PermissionFlagsBits } from "discord.js"

export const invitePermissions = ["ViewChannel", "SendMessages", "SendMessagesInThreads", "ReadMessageHistory"] as const
/** The same, as a check names them. */
export const neededBits = [
  { name: "View Channels", bit: PermissionFlagsBits.ViewChannel },
  { name: "Send Messages", bit: PermissionFlagsBits.SendMessages },
  { name: "Send Messages in Threads", bit: PermissionFlagsBits.SendMessagesInThreads },
  { name: "Read Message History", bit: PermissionFlagsBits.ReadMessageHistory },
] as const

/** For whoever runs a server. Guild install only: it cannot see what it posts anywhere else. */
export function inviteLink(applicationId: string): string {
  const permissions = invitePermissions.reduce((sum, name) => sum | PermissionFlagsBits[name], 0n)
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: "bot applications.commands",
    permissions: String(permissions),
    integration_type: "0",
  })
  return `https://discord.com/oauth2/authorize?${query}`
}
