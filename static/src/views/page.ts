/** What every view of the page is given. */

import type { Player } from "../player";
import type { Prediction } from "../predict";
import type { Session } from "../session";
import type { Store } from "../store";
import type { GraphView } from "./types";

export interface Page {
  store: Store;
  session: Session;
  player: Player;
  prediction: Prediction;
  /** The drawing, once it is there. */
  drawing: { view: GraphView | null };
  /** Opens one of the page's dialogs. */
  open: { help(): void; gallery(): void; derivatives(): void; compare(): void; inspect(): void };
}
