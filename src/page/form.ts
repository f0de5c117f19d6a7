// What a form of ours carries. Anybody may send one, signed in or not, so it is bounded in bytes and in fields before it is
// taken apart: a few megabytes of "a&a&a&…" cost a general parser a minute, and nobody could stop anything meanwhile.
// Read here and not by a middleware: those fail for a body without a length, which some proxies send.
export interface Form {
  /** The first value; "" when there is none. */
  readonly one: (name: string) => string
  readonly all: (name: string) => readonly string[]
}
const maxFields = 1_000
const read = new WeakMap<Request, Form>()

/** The same form however often it is asked for. A body of another kind than our forms send is an empty form. */
export async function readForm(request: Request, maxBytes: number): Promise<Form | "too-much"> {
  const before = read.get(request)
  if (before !== undefined) return before
  const isForm = /^application\/x-www-form-urlencoded *(;|$)/i.test(request.headers.get("content-type") ?? "")
  const body = isForm ? await textOf(request, maxBytes) : ""
  if (body === null || body.split("&", maxFields + 1).length > maxFields) return "too-much"
  const fields = new URLSearchParams(body)
  // Browsers send line ends as CR LF (HTML, "newline normalization"); texts are kept with LF.
  const all = (name: string) => fields.getAll(name).map((v) => v.replaceAll("\r\n", "\n"))
  const form: Form = { all, one: (name) => all(name)[0] ?? "" }
  read.set(request, form)
  return form
}
async function textOf(request: Request, maxBytes: number): Promise<string | null> {
  if (Number(request.headers.get("content-length") ?? "0") > maxBytes) return null
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length
      if (size > maxBytes) return null
      chunks.push(chunk)
    }
  } catch {
    // It broke off: whoever sent it is gone, and half a form is none.
    return ""
  }
  return Buffer.concat(chunks).toString("utf8")
}
