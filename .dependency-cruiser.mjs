// Who may import whom. Each rule says what it keeps; test/architecture/imports.test.ts breaks every one of them on purpose.
// A new adapter, or a new package for one, is a line in `packagesOf`.

/** The packages of each adapter. One that does not stand here may import none. */
const packagesOf = {
  database: ["kysely", "pg", "zod"],
  discord: ["discord.js", "kysely", "markdown-it", "ulid", "zod"],
  forum: ["@hono/node-server", "diff", "hono", "jose", "kysely", "markdown-it", "openid-client", "sanitize-html", "zod"],
  keys: ["jose", "zod"],
  openai: ["openai", "zod"],
  quoting: ["zod"],
  slack: ["@slack/bolt", "@slack/oauth", "@slack/types", "@slack/web-api", "kysely", "markdown-it", "ulid", "zod"],
}
/** What an adapter may use of src beside core and label. */
const moreOf = {
  forum: ["page"],
  // Quotes passages, so it must cut and compare words as the search does.
  quoting: ["knowledge"],
  // Compares a claim's words with its source's.
  openai: ["knowledge"],
  slack: ["chat"],
  discord: ["chat"],
}

const installed = (names) => `(^|/)node_modules/(${names.flatMap((name) => [name, `@types/${name.replace("@", "").replace("/", "__")}`]).join("|")})/`
const folders = (names) => `^src/(${names.join("|")})/`
const anyPackage = "(^|/)node_modules/"
const product = "^(src|adapters)/"
const parts = "^src/flow/parts\\.ts$"
const ports = "^src/core/ports\\.ts$"
const ofAssets = "^(node:)?(fs|crypto)$"
const http = "^(node:)?http$"

const adapterRules = Object.entries(packagesOf).flatMap(([name, packages]) => [
  {
    name: `adapter-${name}-src`,
    comment: `adapters/${name} speaks to the product through ports: of src it may use ${["core", "label", ...(moreOf[name] ?? [])].join(", ")}.`,
    severity: "error",
    from: { path: `^adapters/${name}/` },
    to: { path: "^src/", pathNot: folders(["core", "label", ...(moreOf[name] ?? [])]) },
  },
  {
    name: `adapter-${name}-packages`,
    comment: `adapters/${name} uses the packages listed for it: ${packages.join(", ")}.`,
    severity: "error",
    from: { path: `^adapters/${name}/` },
    to: { path: anyPackage, pathNot: installed(packages) },
  },
])

export default {
  forbidden: [
    {
      name: "core-pure",
      comment: "src/core imports itself, src/label and zod.",
      severity: "error",
      from: { path: "^src/core/" },
      to: { pathNot: [folders(["core", "label"]), installed(["zod"]), http] },
    },
    {
      name: "core-http-type",
      comment: "The one word of the platform in core is the type RequestListener, in ports.ts.",
      severity: "error",
      from: { path: "^src/core/", pathNot: ports },
      to: { path: http },
    },
    {
      name: "core-http-type-only",
      comment: "ports.ts names node:http as a type; it runs nothing of it.",
      severity: "error",
      from: { path: ports },
      to: { path: http, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "label-portable",
      comment: "src/label is a library for Node and browsers: itself, jose, canonicalize, parse5 and the platform's own crypto.",
      severity: "error",
      from: { path: "^src/label/" },
      to: { pathNot: ["^src/label/", installed(["jose", "canonicalize", "parse5"])] },
    },
    {
      name: "page-small",
      comment: "src/page is what forum and console share: core, label and hono.",
      severity: "error",
      from: { path: "^src/page/" },
      to: { pathNot: [folders(["page", "core", "label"]), installed(["hono"]), ofAssets] },
    },
    {
      name: "page-reads-in-assets",
      comment: "Of the pages' code assets.ts alone touches the disk: it reads the stylesheet and names it by its digest.",
      severity: "error",
      from: { path: "^src/page/", pathNot: "^src/page/assets\\.ts$" },
      to: { path: ofAssets },
    },
    {
      name: "chat-small",
      comment: "src/chat is what the adapters of chats share: core, label, and markdown-it's types.",
      severity: "error",
      from: { path: "^src/chat/" },
      to: { pathNot: [folders(["chat", "core", "label"]), installed(["markdown-it"])] },
    },
    {
      name: "checks-pure",
      comment: "A check is a function of a draft: core, label and packages, nothing of Node.",
      severity: "error",
      from: { path: "^src/checks/" },
      to: { pathNot: [folders(["checks", "core", "label"]), anyPackage, parts] },
    },
    {
      name: "checks-know-parts-as-types",
      comment: "flow/parts.ts says what a check is; a check runs nothing of the flow.",
      severity: "error",
      from: { path: "^src/checks/" },
      to: { path: parts, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "flow-inside",
      comment: "src/flow walks over ports: of the product it imports core, checks and label.",
      severity: "error",
      from: { path: "^src/flow/" },
      to: { path: product, pathNot: folders(["flow", "core", "checks", "label"]) },
    },
    {
      name: "knowledge-inside",
      comment: "src/knowledge fulfils a port: of the product it imports core and label.",
      severity: "error",
      from: { path: "^src/knowledge/" },
      to: { path: product, pathNot: folders(["knowledge", "core", "label"]) },
    },
    {
      name: "web-inside",
      comment: "src/web gets Ledger and Inbox from main: of the product it imports page, core and label, and how a fault is logged.",
      severity: "error",
      from: { path: "^src/web/" },
      to: { path: product, pathNot: [folders(["web", "page", "core", "label"]), "^src/log\\.ts$"] },
    },
    {
      name: "only-main-imports-adapters",
      comment: "src/main.ts is the composition root: nothing else knows which adapters there are.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/main\\.ts$" },
      to: { path: "^adapters/" },
    },
    {
      name: "adapters-apart",
      comment: "An adapter never imports another adapter.",
      severity: "error",
      from: { path: "^adapters/([^/]+)/" },
      to: { path: "^adapters/", pathNot: "^adapters/$1/" },
    },
    ...adapterRules,
    {
      name: "adapter-unlisted",
      comment: "An adapter has its line in packagesOf before it imports anything but itself, core and label.",
      severity: "error",
      from: { path: "^adapters/", pathNot: `^adapters/(${Object.keys(packagesOf).join("|")})/` },
      to: { path: [anyPackage, "^src/"], pathNot: folders(["core", "label"]) },
    },
    {
      name: "permit-two-users",
      comment: "Only flow/post.ts begins and only an adapter's outbound.ts spends. Others may name the types; flow/stop.ts counts with permitLifeMs.",
      severity: "error",
      from: { path: product, pathNot: ["^src/flow/(post|stop)\\.ts$", "^adapters/[^/]+/outbound\\.ts$"] },
      to: { path: "^src/core/permit\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "dotenv-in-config",
      comment: "src/config.ts alone reads the environment.",
      severity: "error",
      from: { path: product, pathNot: "^src/config\\.ts$" },
      to: { path: installed(["dotenv"]) },
    },
    {
      name: "no-test-in-product",
      comment: "The product never imports tests or benchmarks.",
      severity: "error",
      from: { path: product },
      to: { path: "^(test|bench)/" },
    },
    {
      name: "no-dev-package-in-product",
      comment: "What the product imports at run time stands in dependencies.",
      severity: "error",
      from: { path: product },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"], pathNot: "(^|/)node_modules/@types/" },
    },
    {
      name: "no-stray-package",
      comment: "A package that package.json does not name is there by luck.",
      severity: "error",
      from: { path: product },
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "resolvable",
      comment: "Every import leads somewhere; else the rules above would not see it.",
      severity: "error",
      from: { path: product },
      to: { couldNotResolve: true },
    },
    {
      name: "no-cycles",
      comment: "No circle of modules that run each other. Types may refer to each other: they are gone before anything runs.",
      severity: "error",
      from: { path: product },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
      extensions: [".ts", ".mjs", ".js", ".json", ".d.ts"],
    },
  },
}
