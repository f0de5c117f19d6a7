// Live updates for pages that say where they stand (#live). Everything also works without this file.
// Fetches the changed part and puts it in place: never moves what a person reads, never takes away what a person types.
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" })
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" })
const dayAndYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" })
const at = document.getElementById("live")
if (at !== null && "EventSource" in window) begin(at.dataset.topic ?? "")
closeMenusElsewhere()
previews()
localTimes(document)
setInterval(() => document.hidden || localTimes(document), 30_000)

function begin(topic) {
  let source = null
  const listen = () => {
    source?.close()
    source = new EventSource(topic === "" ? "/live" : `/live?topic=${encodeURIComponent(topic)}`)
    source.addEventListener("open", () => catchUp(topic))
    source.addEventListener("message", () => tail(topic))
    source.addEventListener("changed", (e) => replaceMessage(e.data))
    source.addEventListener("card", (e) => card(e.data))
    source.addEventListener("note", () => swap("notes", "/part/notes"))
    source.addEventListener("doors", () => swap("doors", `/part/doors?topic=${encodeURIComponent(topic)}`))
  }
  // A browser opens few connections to one server: tabs that nobody looks at hold none.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source?.close()
    else listen()
  })
  addEventListener("pageshow", (e) => e.persisted && listen())
  if (!document.hidden) listen()
}

// What happened between the making of the page and the opening of the stream.
async function catchUp(topic) {
  await tail(topic)
  const shown = [...document.querySelectorAll(".card[data-request]")].map((c) => c.dataset.request)
  const waiting = topic === "" ? [] : JSON.parse((await part(`/part/cards/${topic}`)) ?? "[]")
  for (const request of new Set([...shown, ...waiting])) await card(request)
}

let tailing = Promise.resolve()
/** One at a time: two at once would add the same message twice. */
function tail(topic) {
  tailing = tailing.then(() => (topic === "" ? topics() : newMessages(topic))).catch(() => undefined)
  return tailing
}
async function newMessages(topic) {
  const list = document.querySelector("#messages[data-tail]")
  if (list === null) return
  const fresh = elements(await part(`/part/messages/${topic}?after=${list.dataset.last}`))
  if (fresh.length === 0) return
  keepingPlace(() => {
    for (const el of fresh) {
      if (document.getElementById(el.id) === null) list.append(el)
      list.dataset.last = el.dataset.n
    }
  })
}
async function topics() {
  if (document.getElementById("topics") !== null && !location.search.includes("before=")) await swap("topics", "/part/topics")
}
async function replaceMessage(id) {
  const old = document.getElementById(`m-${id}`)
  const [fresh] = old === null ? [] : elements(await part(`/part/message/${encodeURIComponent(id)}`))
  if (fresh !== undefined) keepingPlace(() => old.replaceWith(fresh))
}

async function card(request) {
  const response = await fetch(`/part/card/${encodeURIComponent(request)}`, { headers: { "x-part": "1" } }).catch(() => null)
  if (document.getElementById("queue") !== null) await swap("queue", "/part/queue")
  if (response === null || !response.ok) return
  count(response.headers.get("x-waiting"))
  const [fresh] = elements(await response.text())
  const old = document.getElementById(`card-${request}`)
  if (fresh === undefined) return
  if (old === null) return place(fresh)
  if (old.outerHTML === fresh.outerHTML) return
  const same = old.dataset.digest === fresh.dataset.digest && old.dataset.phase === fresh.dataset.phase
  if (same && touched(old)) return
  if (touched(old)) return offer(old, fresh)
  const focused = old.contains(document.activeElement)
  keepingPlace(() => old.replaceWith(fresh))
  if (focused) fresh.focus({ preventScroll: true })
}
function place(fresh) {
  const after = document.getElementById(fresh.dataset.after)
  const topicShown = document.getElementById("messages")
  if (topicShown === null) return
  keepingPlace(() => (after === null ? document.getElementById("cards")?.append(fresh) : after.after(fresh)))
}
/** Somebody is writing in this card: the new one waits until they say so. */
function offer(old, fresh) {
  const button = document.createElement("button")
  button.type = "button"
  button.textContent = "This draft changed meanwhile. Show the new one"
  button.className = "offer"
  button.addEventListener("click", () => old.replaceWith(fresh))
  old.querySelector(".offer")?.remove()
  old.prepend(button)
}
/** Whether a person has begun something in it: written, ticked, opened. */
function touched(el) {
  const fields = [...el.querySelectorAll("textarea, input:not([type=hidden])")]
  return (
    fields.some((f) => (f.type === "checkbox" ? f.checked !== f.defaultChecked : f.value !== f.defaultValue)) ||
    el.querySelector("details.act[open]") !== null
  )
}

async function swap(id, path) {
  const old = document.getElementById(id)
  const text = old === null ? null : await part(path)
  if (text !== null) keepingPlace(() => old.replaceChildren(...elements(text)))
}
function count(waiting) {
  const badge = document.querySelector("[data-waiting]")
  if (badge === null || waiting === null) return
  badge.textContent = waiting
  badge.hidden = waiting === "0"
}
async function part(path) {
  const response = await fetch(path, { headers: { "x-part": "1" } }).catch(() => null)
  return response?.ok ? response.text() : null
}
function elements(text) {
  const holder = document.createElement("template")
  holder.innerHTML = text ?? ""
  localTimes(holder.content)
  return [...holder.content.children]
}
/** Whatever is put in above: the line that a person looks at, or types in, stays where it is. */
function keepingPlace(change) {
  const active = document.activeElement
  const held =
    active !== null && active !== document.body && inView(active)
      ? active
      : [...document.querySelectorAll("main article, main form, main h1")].find(inView)
  const before = held?.getBoundingClientRect().top
  change()
  if (held?.isConnected) scrollBy({ top: held.getBoundingClientRect().top - before, behavior: "instant" })
}
function inView(el) {
  const { top, bottom } = el.getBoundingClientRect()
  return bottom > 72 && top < innerHeight
}

/** In the browser's time zone, by the rules of src/page/time.ts. */
function localTimes(root) {
  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" })
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = Date.parse(time.dateTime)
    time.title = exact.format(at)
    const words = time.dataset.form === "ago" ? ago(at) : time.dataset.form === "until" ? until(at) : null
    if (words !== null && words !== time.textContent) time.textContent = words
  }
}
function ago(at) {
  const minutes = Math.floor((Date.now() - at) / 60_000)
  if (minutes < 1) return "just now"
  if (minutes < 60) return `${minutes} min ago`
  const days = daysBetween(at, Date.now())
  return days === 0 ? clock.format(at) : days === 1 ? `yesterday ${clock.format(at)}` : (minutes < 300 * 1440 ? day : dayAndYear).format(at)
}
function until(at) {
  const minutes = (at - Date.now()) / 60_000
  if (minutes <= 0) return "now"
  if (minutes < 60) return `in ${Math.max(1, Math.round(minutes))} min`
  const days = daysBetween(Date.now(), at)
  return `${days === 0 ? "today" : days === 1 ? "tomorrow" : `on ${day.format(at)}`} at ${clock.format(at)}`
}
function daysBetween(a, b) {
  return Math.round((new Date(b).setHours(0, 0, 0, 0) - new Date(a).setHours(0, 0, 0, 0)) / 86_400_000)
}
function closeMenusElsewhere() {
  document.addEventListener("click", (e) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(e.target)) menu.open = false
  })
  document.addEventListener("keydown", (e) => {
    if (e.key !== "Escape") return
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false
      menu.querySelector("summary").focus()
    }
  })
}
/** The preview of an edit, in place. Without this file the same button shows it on a page. */
function previews() {
  document.addEventListener("submit", async (e) => {
    const form = e.target
    if (!e.submitter?.hasAttribute("formaction") || !form.dataset.preview) return
    e.preventDefault()
    const response = await fetch(form.dataset.preview, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "x-part": "1" },
    }).catch(() => null)
    if (response?.ok) form.querySelector(".preview").innerHTML = await response.text()
    else HTMLFormElement.prototype.submit.call(Object.assign(form, { action: form.dataset.preview }))
  })
}
