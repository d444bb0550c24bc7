/** What a link to the grading page holds. */

import type { Help, Json, Task } from "./types";

/** The frame a link opens: `#` and the JSON of task, answer and help. */
export interface Frame { task?: Task; answer?: Json; help?: Help }

export function frameIn(hash: string): Frame {
  try {
    const found = JSON.parse(decodeURIComponent(hash.replace(/^#/, ""))) as unknown;
    return typeof found === "object" && found !== null && !Array.isArray(found) ? (found as Frame) : {};
  } catch {
    return {};
  }
}

export const hashOf = (frame: Frame): string => `#${encodeURIComponent(JSON.stringify(frame))}`;
