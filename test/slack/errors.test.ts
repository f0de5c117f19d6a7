// What went wrong in Slack, as far as it may be said and acted upon.
import { expect, test } from "@jest/globals"
import { WebAPIPlatformError, WebAPIRateLimitedError } from "@slack/web-api"
import { errorOf, nameOfFault } from "../../adapters/slack/errors.ts"
import { setbackOf } from "../../adapters/slack/lacks.ts"
import { busyOf, refusalOf } from "../../adapters/slack/refused.ts"

const platform = (error: string) => new WebAPIPlatformError({ ok: false, error })

test("an error has the name that Slack gives it", () => {
  expect(errorOf(platform("channel_not_found"))).toBe("channel_not_found")
  expect(nameOfFault(platform("channel_not_found"))).toBe("channel_not_found")
})
test("the page of a proxy is no name: it is not repeated, and no definite no", () => {
  const page = platform("<html>the whole draft, as it was sent</html>")
  expect(errorOf(page)).toBeNull()
  expect(nameOfFault(page)).not.toContain("draft")
  expect(refusalOf(page)).toBeNull()
  expect(setbackOf(page)).toEqual({ is: "unclear" })
})
test("a wait that no timer can hold is asked about again in ten minutes", () => {
  const weeks = new WebAPIRateLimitedError(9_000_000)
  expect(busyOf(weeks)?.retryAfterMs).toBe(600_000)
  expect(setbackOf(weeks)).toEqual({ is: "limited", ms: 600_000 })
  expect(busyOf(new WebAPIRateLimitedError(30))?.retryAfterMs).toBe(30_000)
})
