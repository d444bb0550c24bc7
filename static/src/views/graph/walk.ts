/** The keyboard in the picture: one tab stop, arrows along the edges. */

import type { BoxPlan, Plan } from "./plan";

export type Step = "input" | "user" | "previous" | "next";

const centre = (box: BoxPlan): { x: number; y: number } => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });

/** The neighbour of a box: back or on along an edge, or beside it in its layer. */
export function neighbour(plan: Plan, key: string, step: Step, down: boolean): string | null {
  const here = plan.boxes.get(key);
  if (!here) return null;
  const along = (box: BoxPlan): number => centre(box)[down ? "y" : "x"];
  const across = (box: BoxPlan): number => centre(box)[down ? "x" : "y"];
  if (step === "previous" || step === "next") {
    const sign = step === "next" ? 1 : -1;
    const beside = [...plan.boxes.values()].filter((box) => Math.abs(along(box) - along(here)) < 4 && (across(box) - across(here)) * sign > 0);
    return beside.sort((a, b) => (across(a) - across(b)) * sign)[0]?.key ?? null;
  }
  const sign = step === "user" ? 1 : -1;
  const joined = new Set(plan.links.flatMap((link) => (link.from === key ? [link.to] : link.to === key ? [link.from] : [])));
  const found = [...joined].map((other) => plan.boxes.get(other) as BoxPlan).filter((box) => (along(box) - along(here)) * sign > 1);
  return found.sort((a, b) => Math.abs(across(a) - across(here)) - Math.abs(across(b) - across(here)))[0]?.key ?? null;
}

const KEYS: Record<string, [right: Step, down: Step]> = {
  ArrowLeft: ["input", "previous"], ArrowRight: ["user", "next"], ArrowUp: ["previous", "input"], ArrowDown: ["next", "user"],
};

export const stepOf = (key: string, down: boolean): Step | null => KEYS[key]?.[down ? 1 : 0] ?? null;
