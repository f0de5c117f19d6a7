// Counts every await of a process on its ports, before and after, and kills the process at the one that was chosen.
export class Points {
  #count = 0
  readonly #killAt: number
  constructor(killAt: number) {
    this.#killAt = killAt
  }
  get count(): number {
    return this.#count
  }
  reach(): void {
    this.#count += 1
    if (this.#count === this.#killAt) process.kill(process.pid, "SIGKILL")
  }
  /** The same port, every call of which is two points: just before it starts and just after it ended. */
  around<T extends object>(port: T, except: readonly string[] = []): T {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== "function") return value
        const call = value.bind(target) as (...args: unknown[]) => unknown
        if (except.includes(String(name))) return call
        return (...args: unknown[]) => {
          this.reach()
          const result = call(...args)
          if (!(result instanceof Promise)) return result
          return result.then((r: unknown) => {
            this.reach()
            return r
          })
        }
      },
    })
  }
}
