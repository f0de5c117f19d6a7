// Who looks at a page: what the pages outside the forum (console, label page) may ask of its sign-in.
import type { Standing } from "../core/domain.ts"
import type { Actor } from "../core/ports.ts"

export interface Viewer extends Actor {
  readonly standing: Standing
  /** Goes into every form as `csrf`. */
  readonly csrf: string
}
export interface Sessions {
  viewer(request: Request): Promise<Viewer | null>
  /** For requests that change something: signed in, same origin, right token. Otherwise the sentence to show, with status 401 or 403. */
  mayPost(request: Request, csrf: string | null): Promise<Viewer | { readonly status: 401 | 403; readonly words: string }>
}
