// Discord keeps the contract of platforms, against the local Discord: in a channel, and in a thread, which is a channel of its own.
import { isWithdrawn } from "../../adapters/discord/signpost.ts"
import { readDiscord } from "../../src/label/read/discord.ts"
import { platformContract } from "../contracts/platform.ts"
import { messageOut } from "../fakes/discord/wire.ts"
import { type House, openHouse } from "./house.ts"

for (const where of ["channel", "thread", "forum"] as const)
  platformContract(`discord, in a ${where}`, async (clock) => {
    const house = await openHouse({ clock })
    const { rin, bo, app } = house
    const room = roomFor(house, where)
    const question = room.kind === "publicThread" && room.messages[0] !== undefined ? room.messages[0] : bo.mention(room, "How do I restart it?")
    return {
      platform: house.platform,
      place: house.place(room),
      message: `${room.id}:${question.id}`,
      member: { person: house.personId(rin), name: "Rin", auth: "discord" },
      async readPosts() {
        return room.messages
          .filter((m) => m.author === app.user)
          .map((m) => messageOut(m, app, true))
          .filter((m) => !isWithdrawn(m))
          .map((m) => ({ id: `${room.id}:${m["id"]}`, visible: readDiscord(m).between }))
      },
      close: () => house.close(),
    }
  })
function roomFor({ bo, infra, acme, discord, app }: House, where: "channel" | "thread" | "forum") {
  if (where === "channel") return infra
  if (where === "thread") return bo.startsThread(infra, "Restarting")
  const forum = discord.channel(acme, { name: "help", kind: "forum", tags: ["question"], requireTag: true })
  return bo.posts(forum, "Restarting", `<@${app.user.id}> How do I restart it?`, ["question"])
}
