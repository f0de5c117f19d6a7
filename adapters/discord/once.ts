// What was heard lately, by id: Discord tells again after a reconnect. Bounded: what is no longer here is looked at again, and the core
// does nothing twice either.
const most = 10_000

export interface Once {
  first(id: string): "first" | "again"
}
export function once(): Once {
  const heard = new Set<string>()
  return {
    first(id) {
      if (heard.has(id)) return "again"
      if (heard.size >= most) for (const oldest of heard) if (heard.delete(oldest)) break
      heard.add(id)
      return "first"
    },
  }
}
