/** Plugs: where a derivative starts. In forward mode they can be moved from input to input. */

import { measure } from "../../math";
import { indexAt, shapeOf, uniform, unitPlace } from "../../arrays";
import { brief } from "../../numbers";
import type { NodeId, Value } from "../../trace";
import type { Desk } from "./boxes";
import type { BoxPlan, SeedPlan } from "./plan";
import { forwardKey } from "./plan";
import { seedLatex } from "./seed";
import { barred, dotted } from "./statements";

interface Room { left: number; right: number; top: number }

const rod = (desk: Desk): number => desk.metrics.number * 1.9;

/** A seed of ones is `ẋ = 1`, whatever its shape; one that is 1 in a single element is `ẋ[0] = 1`. */
function seedText(name: string, value: Value): Pick<SeedPlan, "label" | "number"> {
  const all = uniform(value);
  const place = all === null ? unitPlace(value) : null;
  if (place === null) return { label: `${name} = `, number: brief(all ?? value) };
  return { label: `${name}[${indexAt(shapeOf(value), place).join(", ")}] = `, number: "1" };
}

/** `ẋ₁ = 1` at every input. */
function tangentSeeds(desk: Desk, boxes: Map<string, BoxPlan>, direction: "right" | "down"): { seeds: SeedPlan[]; room: Room } {
  const { doc, facts, metrics, statements } = desk;
  const ROD = rod(desk);
  const seeds = doc.graph.inputs.flatMap((node): SeedPlan[] => {
    const box = boxes.get(forwardKey(node));
    if (!box) return [];
    const down = direction === "down";
    const [toX, toY] = down ? [box.x + 18, box.y] : [box.x, box.y + (metrics.rows[1] as number) + (metrics.rows[2] as number) * 0.1];
    return [{
      key: `seed:${node}`, quantity: "tangent", node, box: box.key, toX, toY, x: down ? toX : toX - ROD, y: down ? toY - ROD : toY,
      ...seedText(dotted(statements.name(node)), facts.tangents.get(node) ?? 0), movable: true,
    }];
  });
  const widest = Math.max(0, ...seeds.map((seed) => measure(seedLatex(seed), metrics.plate)));
  return { seeds, room: direction === "down" ? { left: 0, right: 0, top: ROD + 12 } : { left: Math.max(ROD + 12, widest + 8), right: 0, top: 0 } };
}

/** `ȳ = 1` at the output. */
function adjointSeeds(desk: Desk, boxes: Map<string, BoxPlan>, keyOf: (node: NodeId) => string): { seeds: SeedPlan[]; room: Room } {
  const { doc, facts, metrics, statements } = desk;
  const ROD = rod(desk);
  const flat = doc.pass === "adjoint_graph" && keyOf === forwardKey;
  const seeds = (flat ? [] : facts.seeds).flatMap((node): SeedPlan[] => {
    const box = boxes.get(keyOf(node));
    const event = doc.events.find((one) => (one.kind === "seed" || one.kind === "seed_node") && one.node === node);
    if (!box || !event) return [];
    const value: Value | undefined = event.kind === "seed" ? event.adjoint : event.kind === "seed_node" ? event.values[0] : undefined;
    const toX = box.x + box.width;
    const toY = box.y + box.height / 2;
    return [{ key: `seed:${node}`, quantity: "adjoint", node, box: box.key, toX, toY, x: toX + ROD, y: toY, ...seedText(barred(statements.name(node)), value ?? 1), movable: false }];
  });
  const widest = Math.max(0, ...seeds.map((seed) => measure(seedLatex(seed), metrics.plate)));
  return { seeds, room: { left: 0, right: seeds.length > 0 ? Math.max(ROD + 12, widest + 12) : 0, top: 0 } };
}

export function seedPlans(desk: Desk, boxes: Map<string, BoxPlan>, direction: "right" | "down", output: (node: NodeId) => string): { seeds: SeedPlan[]; room: Room } {
  if (desk.doc.pass === "forward") return tangentSeeds(desk, boxes, direction);
  return adjointSeeds(desk, boxes, output);
}
