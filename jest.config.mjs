// Two files at a time even on two cores: many tests wait for disk and for child processes. Never forceExit: what a test file
// leaves open fails it, see test/harness/environment.ts.
import { availableParallelism } from "node:os"

export default {
  testEnvironment: "<rootDir>/test/harness/environment.ts",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
  reporters: ["default", "<rootDir>/test/harness/exit-reporter.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { swcrc: false, sourceMaps: "inline", module: { type: "es6" }, jsc: { target: "es2024", parser: { syntax: "typescript" } } },
    ],
  },
  testTimeout: 20_000,
  errorOnDeprecated: true,
}
