// The claims of an AI label, schema version 1. The public specification is docs/label.md.

/** How the approved text relates to a model (IPTC digital source type). */
export const digitalSourceTypes = {
  model: "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia",
  quotation: "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
} as const

export interface Claims {
  /** Origin of the issuer: keys are at `<iss>/.well-known/jwks.json`. */
  readonly iss: string
  /** Seconds since 1970, as RFC 7519 has it. */
  readonly iat: number
  /** ULID of the approved revision. */
  readonly jti: string
  readonly v: 1
  readonly dst: (typeof digitalSourceTypes)[keyof typeof digitalSourceTypes]
  readonly aid: "ai-assisted"
  readonly hol: "human_validated"
  readonly gen: { readonly sys: string; readonly prv: string; readonly mdl?: string; readonly at: number }
  /** `by`: pseudonyms of the approvers. `at`: seconds, of the last approval. */
  readonly rev: {
    readonly by: readonly string[]
    readonly at: number
    readonly act: "approved"
    readonly edit: "none" | "minor" | "substantive"
    readonly auth: string
  }
  /** `draft`: salted digest of the drafter's text. `src`: digest of the approved draft. `vis`: hash of the visible text. base64url. */
  readonly dig: { readonly alg: "sha-256"; readonly c14n: "vis-1"; readonly draft: string; readonly src: string; readonly vis: string }
  readonly ctx: { readonly p: string; readonly ws: string; readonly ch: string; readonly th?: string }
  /** The label's page: `<iss>/l/<jti>`. */
  readonly url: string
  /** `jti` of the label that this one replaces. */
  readonly sup?: string
}

/**
 * What fits into chat platforms: enough to check text and place; the rest is at `<iss>/l/<jti>`.
 * `aid` is not signed in this form: it has one value. Sizes: docs/decisions/mini-label.md.
 */
export interface MiniClaims {
  readonly iss: string
  readonly jti: string
  /** The last part of {@link Claims.dst}. */
  readonly dst: "trainedAlgorithmicMedia" | "algorithmicMedia"
  readonly dig: { readonly vis: string }
  /** The first 8 bytes of SHA-256 over canonical {@link Claims.ctx}, base64url. */
  readonly ctx: string
  readonly rev: { readonly at: number }
}

/** A label as it travels with a post. */
export interface Label {
  readonly claims: Claims
  /** JWS Compact, ES256, `typ: ai-label+jwt`. */
  readonly jws: string
  readonly mini: string
  /** The visible lines before and after the answer, without markup. */
  readonly lines: { readonly first: string; readonly last: string }
}
