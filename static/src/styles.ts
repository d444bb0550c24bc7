/** Faces and sheets, in the order of the cascade. */

import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import "@fontsource/stix-two-text/400-italic.css";
import "@fontsource/stix-two-text/500-italic.css";
import "../css/tokens.css";
import "../css/base.css";
import "../css/math.css";
import "../css/layout.css";
import "../css/panels.css";
import "../css/dialogs.css";
import "../css/editor.css";
import "../css/timeline.css";
import "../css/graph.css";
import "../css/strip.css";
import "../css/card.css";
import "../css/matrix.css";
import "../css/seed.css";
import "../css/compare.css";
import "../css/plot.css";
import "../css/inspect.css";
import "../css/present.css";
