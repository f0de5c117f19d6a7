// What the walk is compared with: the same web server and the same database with the same durability, one row for a message,
// one row for a click, and nothing else. No sign-in, no draft, no approval, no log, no label.
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { serve } from "@hono/node-server"
import { Hono } from "hono"
import { Pool } from "pg"

interface Rows {
  add(table: "message" | "click", id: string, text: string): Promise<unknown>
  find(table: "message" | "click", id: string): Promise<string>
}
const make = (table: string) => `create table ${table} (id text primary key, text text not null)`

async function postgres(url: string): Promise<Rows> {
  const pool = new Pool({ connectionString: url })
  for (const table of ["message", "click"]) await pool.query(make(table))
  return {
    add: (table, id, text) => pool.query(`insert into ${table} values ($1, $2)`, [id, text]),
    find: async (table, id) => String((await pool.query(`select text from ${table} where id = $1`, [id])).rows[0]?.text),
  }
}
function sqlite(folder: string): Rows {
  mkdirSync(folder, { recursive: true })
  const file = new DatabaseSync(join(folder, "bare.sqlite"))
  file.exec("pragma journal_mode = wal; pragma synchronous = full")
  for (const table of ["message", "click"]) file.exec(make(table))
  const insert = { message: file.prepare("insert into message values (?, ?)"), click: file.prepare("insert into click values (?, ?)") }
  const select = { message: file.prepare("select text from message where id = ?"), click: file.prepare("select text from click where id = ?") }
  return {
    add: async (table, id, text) => insert[table].run(id, text),
    find: async (table, id) => String(select[table].get(id)?.text),
  }
}

const [store = "", where = ""] = process.argv.slice(2)
const rows = store === "postgres" ? await postgres(where) : sqlite(where)
const app = new Hono()
for (const table of ["message", "click"] as const) {
  app.post(`/${table}`, async (c) => {
    const form = await c.req.parseBody()
    await rows.add(table, String(form.id), String(form.text))
    return c.redirect(`/${table}/${form.id}`, 303)
  })
  app.get(`/${table}/:id`, async (c) => c.html(`<p>${await rows.find(table, c.req.param("id"))}</p>`))
}
serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, ({ port }) =>
  process.stdout.write(`${JSON.stringify({ origin: `http://127.0.0.1:${port}` })}\n`),
)
process.once("SIGTERM", () => process.exit(0))
