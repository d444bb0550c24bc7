/** A local partial on its edge: the symbol over the number, opaque, always horizontal. */

import { measure, measureText, writeMath } from "../../math";
import type { PlateLook } from "./look";
import type { Metrics } from "./metrics";
import type { PlatePlan } from "./plan";
import { PLATE_PAD } from "./plan";
import type { Drawn } from "./svg";
import { s } from "./svg";

export function drawPlate(plate: PlatePlan, metrics: Metrics): Drawn<PlateLook> {
  const { plate: size } = metrics;
  const middle = plate.x + plate.width / 2;
  const number = s("text", { class: "num", x: middle, "font-size": size, "text-anchor": "middle" });
  const symbol = s("text", { class: "symbol", x: middle, "font-size": size, "text-anchor": "middle" });
  writeMath(symbol, plate.symbol, size);
  const ground = s("rect", { y: plate.y, height: plate.height, rx: 4 });
  const element = s("g", { class: "plate" }, ground, symbol, number);
  const single = plate.y + plate.height / 2 + size * 0.36;
  return {
    element,
    show({ shown, on, number: text }) {
      element.setAttribute("class", `plate${shown ? "" : " hidden"}${on ? " on" : ""}`);
      const digits = text || /^-?[\d.]+$/.test(plate.symbol) ? text : "";
      number.textContent = digits;
      const width = Math.min(plate.width, Math.max(measure(plate.symbol, size), measureText(digits, size)) + size * PLATE_PAD);
      ground.setAttribute("x", (middle - width / 2).toFixed(2));
      ground.setAttribute("width", width.toFixed(2));
      const both = plate.symbol !== "" && digits !== "";
      symbol.setAttribute("y", (both ? plate.y + plate.height * 0.41 : single).toFixed(2));
      number.setAttribute("y", (both ? plate.y + plate.height * 0.86 : single).toFixed(2));
    },
  };
}
