// The forum keeps the contract of platforms, on both databases.
import { describe } from "@jest/globals"
import type { PersonId, WorkspaceId } from "../../src/core/domain.ts"
import type { Claims } from "../../src/label/claims.ts"
import { withoutLabelLines } from "../../src/label/lines.ts"
import { readHtml } from "../../src/label/read/html.ts"
import { platformContract } from "../contracts/platform.ts"
import { stores, useStores } from "../harness/ledgers.ts"
import { forms } from "./browser.ts"
import { openHouse } from "./house.ts"

describe.each(stores)("%s", (store) => {
  const place = useStores()
  platformContract("forum", async (clock) => {
    const house = await openHouse({ clock, where: store === "sqlite" ? { kind: "memory" } : (await place.place(store)).where })
    const rin = await house.enter("Rin")
    const asked = await rin.submit(await rin.open("/new"), "/new", { title: "How?", text: "How do I restart it?" })
    const topic = /action="\/t\/([^/"]+)\/reply"/.exec(asked.text)?.[1] ?? ""
    const message =
      forms(asked.text)
        .find((f) => f.action.endsWith("/draft"))
        ?.action.split("/")[2] ?? ""
    const viewer = await house.forum.viewer(new Request(house.origin, { headers: { cookie: rin.cookie } }))
    if (viewer === null) throw new Error("Rin is not signed in")
    const { person, name, auth } = viewer
    return {
      platform: house.forum,
      place: { platform: "forum", workspace: "forum" as WorkspaceId, channel: topic, thread: null },
      message,
      member: { person: person as PersonId, name, auth },
      async readPosts() {
        const page = (await rin.open(`/t/${topic}`)).text
        const ids = [...page.matchAll(/<article class="message post" id="m-([^"]+)"/g)].map((m) => m[1] ?? "")
        return readHtml(page).map((post, i) => {
          const claims = JSON.parse(Buffer.from(post.jws?.split(".")[1] ?? "", "base64url").toString()) as Claims
          return { id: ids[i] ?? "", visible: withoutLabelLines(post.whole, claims).answer }
        })
      },
      close: () => house.close(),
    }
  })
})
