// Ends every `switch` over a closed set: a new member breaks the build here instead of falling through at run time.
export function unreachable(x: never): never {
  throw new Error(`unreachable: ${String((x as { kind?: string; at?: string } | null)?.kind ?? (x as { at?: string } | null)?.at ?? typeof x)}`)
}
