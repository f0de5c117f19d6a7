// One approval, one post, one message: a text that does not fit is not cut and not split, it is shown to be too long. One of which
// nothing is seen, as of marks without words, is no post at all: it would be a label around nothing.
import { refuse } from "../core/refusals.ts"
import type { Check } from "../flow/parts.ts"
import { normaliseVis } from "../label/vis.ts"

export const length: Check = {
  name: "length",
  see({ rendered }, { room }) {
    if (normaliseVis(rendered.visible) === "") return [{ id: "length", level: "block", words: refuse("nothing-to-post").words }]
    const over = rendered.chars - Math.max(0, room)
    if (over <= 0) return []
    const [by, fits] = [over, Math.max(0, room)].map((n) => n.toLocaleString("en-US"))
    const words = `Too long for one message here, by ${by} ${over === 1 ? "character" : "characters"}: with its label, ${fits} fit. Shorten it or redraft it.`
    return [{ id: "length", level: "block", words }]
  },
}
