// The checks that every draft passes, in the order in which a card lists what they found.
import type { Check } from "../flow/parts.ts"
import { hiddenText } from "./hidden-text.ts"
import { labelImitation } from "./label-imitation.ts"
import { length } from "./length.ts"

export const checks: readonly Check[] = [hiddenText, labelImitation, length]
