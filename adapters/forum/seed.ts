// A first start has something to click on: one topic with a question that the project's own documentation answers.
import { programAuthor, type Topics } from "./topics.ts"

const title = "What happens between asking Countersign and its answer appearing for everyone?"
const text = `Try it here: press **Draft an answer ✦** on this message. You get a draft that only you can see. Nothing is posted until you approve it.

To ask under a message of your own, write \`@countersign\` anywhere in it.`

export async function seed(topics: Topics): Promise<void> {
  if ((await topics.count()) > 0) return
  // A fixed id: two processes that start at once make one welcome.
  await topics.open({ id: "welcome", title, author: programAuthor, text, ask: null })
}
