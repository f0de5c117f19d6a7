// Installing the app as a browser goes: our page, Slack's, and back with the cookie that our page gave.
import type { Person } from "../fakes/slack/person.ts"
import type { Slack } from "../fakes/slack/slack.ts"
import type { App, Team } from "../fakes/slack/state.ts"

export type Where =
  | { readonly team: Team }
  | { readonly organisation: { readonly id: string; readonly name: string }; readonly teams: readonly Team[] }
export interface Trip {
  readonly slack: Slack
  readonly app: App
  /** Of the server. */
  readonly origin: string
}
export interface Begun {
  readonly cookie: string
  readonly asked: readonly string[]
  readonly redirectUri: string
  readonly state: string
}
export async function begins({ origin }: Trip): Promise<Begun> {
  const begun = await fetch(`${origin}/slack/install`, { redirect: "manual" })
  const to = new URL(begun.headers.get("location") ?? "")
  return {
    cookie: begun.headers
      .getSetCookie()
      .map((c) => c.split(";")[0])
      .join("; "),
    asked: (to.searchParams.get("scope") ?? "").split(",").sort(),
    redirectUri: to.searchParams.get("redirect_uri") ?? "",
    state: to.searchParams.get("state") ?? "",
  }
}
/** The address that Slack sends the browser to after Allow. `scopes`: what was granted; what was asked for unless it says otherwise. */
export function allows(trip: Trip, b: Begun, who: Where & { readonly by: Person }, scopes: readonly string[] = b.asked): string {
  return trip.slack.allow({ app: trip.app, ...who, scopes, redirectUri: b.redirectUri, state: b.state })
}
export function returns(address: string, cookie: string | null): Promise<Response> {
  return fetch(address, { headers: cookie === null ? {} : { cookie }, redirect: "manual" })
}
/** All of it. */
export async function installsApp(trip: Trip, who: Where & { readonly by: Person }, scopes?: readonly string[]): Promise<Response> {
  const begun = await begins(trip)
  return returns(allows(trip, begun, who, scopes), begun.cookie)
}
