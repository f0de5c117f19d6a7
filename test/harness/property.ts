// fast-check with a seed that stays, so that a run is red for what was changed and not for what was drawn.
// COUNTERSIGN_SEED=random (or a number) draws other examples: run it so after every change to what they hold.
import fc from "fast-check"

const word = process.env.COUNTERSIGN_SEED ?? "20261121"
if (word !== "random" && !/^-?\d+$/.test(word)) throw new Error(`COUNTERSIGN_SEED is "${word}": give a whole number, or "random".`)
if (word !== "random") fc.configureGlobal({ seed: Number(word) })

export { fc }
