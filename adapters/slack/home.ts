// App Home: the stop switch and its state first, then what waits for this person, oldest first, then what they let out, with Retract.
// Made for one viewer; holds no draft's words.
import type { HomeView } from "@slack/types"
import type { Card } from "../../src/core/card.ts"
import type { WorkspaceId } from "../../src/core/domain.ts"
import type { DoorView } from "../../src/core/ports.ts"
import { safeName } from "../../src/label/lines.ts"
import { actionIds, clickValue, postValue, workspaceValue } from "./actions.ts"
import { type Block, button, context, mrkdwn, mrkdwnSection, plain, shortened } from "./blocks.ts"
import { dateIn, titleOf } from "./card-parts.ts"
import { escaped, harmless, link } from "./escape.ts"

export interface Home {
  readonly workspace: WorkspaceId
  /** Stops that cover the workspace, widest first. */
  readonly doors: readonly DoorView[]
  readonly may: "stop" | "stop-and-resume" | "look"
  /** What waits, oldest first. */
  readonly cards: readonly Card[]
  /** What stands in public, newest first. */
  readonly posts: readonly Card[]
  /** In mrkdwn. */
  readonly help: string
}
// A Home tab has 100 blocks; each of these is one.
const mostCards = 40
const mostPosts = 30

export function homeView(home: Home): HomeView {
  return {
    type: "home",
    blocks: [
      ...switchBlocks(home),
      { type: "divider" },
      ...listed("Waiting for you", "Nothing waits for you.", home.cards, mostCards, waiting),
      { type: "divider" },
      ...listed("Your posts", "You have let nothing out yet.", home.posts, mostPosts, standing),
      { type: "divider" },
      mrkdwnSection(shortened(harmless(home.help), 2_900)),
    ],
  }
}

function switchBlocks({ workspace, doors, may }: Home): readonly Block[] {
  const value = workspaceValue(workspace)
  const stopped = doors.find((d) => d.scope.channel === null)
  if (stopped === undefined) {
    const stop = button({
      action: actionIds.stop,
      words: "Stop posting in this workspace",
      value,
      confirm: {
        title: plain("Stop posting?"),
        text: plain("Nothing is posted in this workspace until an admin resumes. Approvals given so far will have to be given again."),
        confirm: plain("Stop"),
        deny: plain("Go on"),
        style: "danger",
      },
    })
    return [section("*Posting is open.* Nothing is posted unless somebody approves it.", may === "look" ? null : { ...stop, style: "danger" })]
  }
  const where = stopped.scope.workspace === "*" ? "everywhere" : "in this workspace"
  const why = stopped.why === null ? "" : ` ${escaped(shortened(stopped.why, 500))}`
  const resume = button({ action: actionIds.resume, words: "Resume", value })
  return [
    section(
      `*Stopped ${where} by ${escaped(safeName(stopped.byName ?? "a person"))}: nothing will be posted.*${why}`,
      may === "stop-and-resume" ? resume : null,
    ),
    context("An admin can resume. Approvals from before a stop are asked for again."),
  ]
}

function listed(title: string, none: string, cards: readonly Card[], most: number, each: (card: Card) => Block): readonly Block[] {
  const head = mrkdwnSection(`*${title}*`)
  if (cards.length === 0) return [head, context(none)]
  const more = cards.length - most
  return [head, ...cards.slice(0, most).map(each), ...(more > 0 ? [context(`and ${more} more`)] : [])]
}
function waiting(card: Card): Block {
  const until = card.deadline === null ? "" : ` · expires ${dateIn(card.deadline)}`
  const note = card.note === null ? "" : `\n${escaped(shortened(card.note, 400))}`
  const value = clickValue({ request: card.request, digest: card.draft?.digest ?? null, workspace: card.workspace })
  return section(`${escaped(shortened(titleOf(card), 200))}${until}${note}`, button({ action: actionIds.review, words: "Review", value }))
}
function standing(card: Card): Block {
  const open = card.post?.url == null ? "" : ` · ${link("open", card.post.url)}`
  const note = card.note === null ? "" : `\n${escaped(shortened(card.note, 400))}`
  const retract =
    card.post === null
      ? null
      : button({ action: actionIds.retract, words: "Retract", value: postValue({ post: card.post.id, workspace: card.workspace }) })
  const where = escaped(shortened(card.draft?.audience.where ?? card.title, 200))
  return section(`${where}${open}${note}`, retract)
}

function section(text: string, accessory: ReturnType<typeof button> | null): Block {
  return { type: "section", text: mrkdwn(text), ...(accessory === null ? {} : { accessory }) }
}
