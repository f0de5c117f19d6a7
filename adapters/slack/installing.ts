// The pages by which people install the app in their own workspace: Slack's own flow, with a state that is signed and bound to the
// browser, so that nobody can be led into somebody else's installation.
import type { RequestListener, ServerResponse } from "node:http"
import { ErrorCode, type Installation, type InstallationStore, InstallProvider } from "@slack/oauth"
import type { WebClientOptions } from "@slack/web-api"
import type { Log } from "../../src/core/ports.ts"
import { boltLogger } from "./bolt-log.ts"
import { controlTimeoutMs, once } from "./clients.ts"
import { errorOf, nameOfFault } from "./errors.ts"
import { NotKept } from "./kept.ts"
import { neededScopes } from "./scopes.ts"

export const installPath = "/slack/install"
export const redirectPath = "/slack/oauth_redirect"

export interface InstallingOptions {
  readonly clientId: string
  readonly clientSecret: string
  /** Signs the state. */
  readonly stateSecret: string
  /** Without a slash at the end. */
  readonly origin: string
  readonly store: InstallationStore
  readonly client: WebClientOptions
  readonly log: Log
}

/** Null for paths that are not its own. */
export function installing(o: InstallingOptions): (path: string, method: string) => RequestListener | null {
  const provider = new InstallProvider({
    clientId: o.clientId,
    clientSecret: o.clientSecret,
    stateSecret: o.stateSecret,
    installationStore: o.store,
    directInstall: true,
    clientOptions: once(o.client, controlTimeoutMs),
    logger: boltLogger(o.log),
  })
  const wanted = { scopes: [...neededScopes], redirectUri: `${o.origin}${redirectPath}` }
  const pages: Readonly<Record<string, RequestListener>> = {
    [installPath]: (request, response) => void provider.handleInstallPath(request, response, {}, wanted).catch((f: unknown) => failed(response, f)),
    [redirectPath]: (request, response) =>
      void provider
        .handleCallback(request, response, {
          success: (installation, _options, _request, res) => page(res, 200, installedWords(installation)),
          failure: (fault, _options, _request, res) => failed(res, fault),
        })
        .catch((f: unknown) => failed(response, f)),
  }
  const failed = (response: ServerResponse, fault: unknown) => {
    o.log.warn({ fault: nameOfFault(fault) }, "an installation in Slack did not come about")
    page(response, 400, `Countersign was not installed. ${whyNot(fault, `Begin again at ${o.origin}${installPath}`)}`)
  }
  return (path, method) => (method === "GET" ? (pages[path] ?? null) : null)
}

function installedWords({ team, enterprise, isEnterpriseInstall }: Installation): string {
  const where = isEnterpriseInstall ? `the organisation ${enterprise?.name ?? enterprise?.id}` : `the workspace ${team?.name ?? team?.id}`
  const next = isEnterpriseInstall ? " An org admin grants it to workspaces; then mention" : " Mention"
  return `Countersign is installed in ${where}.${next} it in a channel that you have invited it to.`
}
function whyNot(fault: unknown, again: string): string {
  if (fault instanceof NotKept) return fault.problems.join(" ")
  const code = (fault as { readonly code?: unknown } | null)?.code
  if (code === ErrorCode.AuthorizationError) return `It was not allowed in Slack, so nothing has changed. ${again} if it should be.`
  if (code === ErrorCode.InvalidStateError || code === ErrorCode.MissingStateError || code === ErrorCode.MissingCodeError)
    return `This way back from Slack was not begun in this browser, or more than ten minutes ago. ${again}.`
  if (usedUp.includes(errorOf(fault) ?? "")) return `What Slack gave for it was used already, or is too old. ${again}.`
  return `${again}; if it fails again, its log says why.`
}
const usedUp = ["invalid_code", "code_already_used", "code_expired"]

function page(response: ServerResponse, status: number, words: string): void {
  if (response.headersSent) return
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", "x-content-type-options": "nosniff" })
  response.end(`${words}\n`)
}
