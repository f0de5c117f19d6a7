// Every route there is. Whatever is not here is 404, or 405 when another method of it is.
import type { Routes } from "../rest/route.ts"
import { application } from "./application.ts"
import { archived } from "./archived.ts"
import { callbacks } from "./callback.ts"
import { places } from "./places.ts"
import { posting } from "./posting.ts"
import { reading } from "./reading.ts"
import { threads } from "./threads.ts"
import { webhook } from "./webhook.ts"

export const routes: Routes = { ...application, ...archived, ...callbacks, ...places, ...posting, ...reading, ...threads, ...webhook }
