// What a command says: sentences for people on stdout, or with `--json` one object a line for programs. Faults go to stderr.
import { ConfigurationProblems } from "../config/problems.ts"

export type Format = "words" | "json"
export interface Printer {
  readonly format: Format
  /** `words` for people, `facts` for programs. */
  say(facts: Record<string, unknown>, words: string): void
}
export function printer(format: Format, out: (line: string) => void = (line) => void process.stdout.write(line)): Printer {
  return { format, say: (facts, words) => out(format === "json" ? `${JSON.stringify(facts)}\n` : `${words}\n`) }
}

/** Exit codes of every command, also in the README. */
export const exit = {
  done: 0,
  /** It was refused, it failed, or what was checked is not as it should be. */
  no: 1,
  /** It could not be told, or the command was not understood. */
  unclear: 2,
} as const
export type ExitCode = (typeof exit)[keyof typeof exit]

/** What the operator sees of a fault: its sentence and cure, no stack. */
export function wordsOfFault(fault: unknown): string {
  if (fault instanceof ConfigurationProblems) return fault.message
  if (!(fault instanceof Error)) return "Something failed that gave no reason."
  const code = "code" in fault && typeof fault.code === "string" ? fault.code : null
  const path = "path" in fault && typeof fault.path === "string" ? fault.path : "a file"
  const words = code === null ? undefined : systemFaults[code]?.(path)
  return words ?? fault.message
}
const systemFaults: Record<string, (path: string) => string> = {
  EACCES: (path) =>
    `${path} may not be written by this user. Give the user that runs Countersign access, or choose another folder: COUNTERSIGN_DATA.`,
  EPERM: (path) => `${path} may not be changed by this user. Give the user that runs Countersign access, or choose another folder: COUNTERSIGN_DATA.`,
  EROFS: (path) => `${path} is on a disk that is mounted for reading only. Choose another folder: COUNTERSIGN_DATA.`,
  ENOTDIR: (path) => `${path} goes through something that is not a folder. Choose another folder: COUNTERSIGN_DATA.`,
  ENOENT: (path) => `${path} leads to something that is not there. Mount or make it, or choose another folder: COUNTERSIGN_DATA.`,
  EEXIST: (path) => `${path} is there, but is not a folder. Choose another folder: COUNTERSIGN_DATA.`,
  ENOSPC: (path) => `The disk that holds ${path} is full. Free some space, then start again: nothing that was confirmed is lost.`,
  EMFILE: () => "This process may not open more files. Raise the limit (ulimit -n), then start again.",
}
