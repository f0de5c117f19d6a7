// Blocks a line that poses as one of our labels: readers would take it for the program's word, and verifiers refuse the post.

import type { Check } from "../flow/parts.ts"
import { imitations } from "../label/lines.ts"

export const labelImitation: Check = {
  name: "label-imitation",
  see({ rendered }) {
    const found = imitations(rendered.visible)
    if (found.length === 0) return []
    const lines = found.length === 1 ? "A line" : `${found.length} lines`
    return [{ id: "label-imitation", level: "block", words: `${lines} of this text would look like Countersign's own label. Write it differently.` }]
  },
}
