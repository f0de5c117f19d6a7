// The package has no types of its own: what the test uses of it.
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http"
  export class Provider {
    constructor(issuer: string, configuration: object)
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>
  }
}
