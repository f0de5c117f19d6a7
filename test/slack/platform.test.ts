// Slack keeps the contract of platforms, against the local Slack.
import { readSlack } from "../../src/label/read/slack.ts"
import { platformContract } from "../contracts/platform.ts"
import { openHouse } from "./house.ts"

platformContract("slack", async (clock) => {
  const house = await openHouse({ clock })
  const { rin, bo, infra, slack } = house
  const question = bo.says(infra, "How do I restart it?")
  return {
    platform: house.platform,
    place: house.place(infra, question),
    message: `${infra.id}:${question.ts}`,
    member: { person: house.personId(rin), name: "Rin", auth: "slack" },
    async readPosts() {
      return slack.messages
        .filter((m) => m.channel === infra.id && m.bot !== null)
        .map((m) => ({ id: `${m.channel}:${m.ts}`, visible: readSlack(rin.json(m)).between }))
        .filter((m) => !m.visible.startsWith("Retracted by "))
    },
    close: () => house.close(),
  }
})
