export default {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      { swcrc: false, sourceMaps: "inline", module: { type: "es6" }, jsc: { target: "es2024", parser: { syntax: "typescript" } } },
    ],
  },
  testTimeout: 20_000,
}
