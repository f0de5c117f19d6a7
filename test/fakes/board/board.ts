// A message board with state and rules: what a chat platform does, no more. Keeps what was posted, loses replies when told to,
// takes no message twice for the same reason that a platform would: never. Two posts of one attempt are two posts.
export interface BoardPost {
  readonly id: string
  readonly attempt: string
  readonly channel: string
  readonly html: string
  readonly first: string
  readonly last: string
  readonly jws: string
  withdrawn: string | null
}
export interface BoardMessage {
  readonly id: string
  readonly channel: string
  readonly author: string
  readonly text: string
  readonly at: number
}
/** What happens to the next call of a kind: it fails and was not done, it fails but was done, it is refused for certain, it never answers,
 *  it never answers and is done when the caller gives up. */
export type Fault = "failsAndNotDone" | "failsButDone" | "refused" | "hangs" | "givenUpButDone" | "deaf"
export type BoardCall = "post" | "find" | "withdraw" | "audience" | "thread"

export class Board {
  readonly posts: BoardPost[] = []
  readonly messages: BoardMessage[] = []
  readonly standings = new Map<string, "stranger" | "guest" | "member" | "moderator" | "admin">()
  audience: { scope: "people" | "members" | "shared" | "internet"; people: number | null } = { scope: "members", people: 37 }
  readonly #faults = new Map<BoardCall, Fault[]>()

  say(channel: string, id: string, text: string, author = "Bo"): void {
    this.messages.push({ id, channel, author, text, at: 1_000 + this.messages.length })
  }
  failNext(call: BoardCall, ...faults: Fault[]): void {
    this.#faults.set(call, [...(this.#faults.get(call) ?? []), ...faults])
  }
  fault(call: BoardCall): Fault | null {
    return this.#faults.get(call)?.shift() ?? null
  }
  post(p: Omit<BoardPost, "id" | "withdrawn">): BoardPost {
    const made = { ...p, id: `b${this.posts.length + 1}`, withdrawn: null }
    this.posts.push(made)
    return made
  }
  find(attempt: string): BoardPost | null {
    return this.posts.find((p) => p.attempt === attempt) ?? null
  }
  withdraw(id: string, words: string): "withdrawn" | "gone" {
    const found = this.posts.find((p) => p.id === id)
    if (found === undefined) return "gone"
    found.withdrawn = words
    return "withdrawn"
  }
}
