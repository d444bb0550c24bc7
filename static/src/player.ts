/** The clock: which event was the last to happen. */

import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals-core";
import { phasesOf } from "./phases";
import type { TraceDocument } from "./trace";

export const SPEEDS = [0.5, 1, 2, 4] as const;
/** How long a step stays when it plays by itself, at speed 1. */
export const DWELL = 1_200;

export interface Player {
  readonly playing: ReadonlySignal<boolean>;
  readonly speed: Signal<number>;
  next(): void;
  previous(): void;
  first(): void;
  last(): void;
  nextPhase(): void;
  previousPhase(): void;
  seek(k: number): void;
  toggle(): void;
  pause(): void;
}

export interface Clock {
  /** What is wanted; the bounds are the trace's. */
  wanted: Signal<number>;
  k: ReadonlySignal<number>;
  doc: ReadonlySignal<TraceDocument | null>;
  /** Finishes a running animation. */
  settle(): void;
  /** Asks before event `index` is shown; true keeps the clock where it is. */
  holds(index: number): boolean;
}

export function createPlayer({ wanted, k, doc, settle, holds }: Clock): Player {
  const playing = signal(false);
  const speed = signal(1);
  const end = (): number => doc.value?.events.length ?? 0;
  /** The frames that show the first step of a phase. */
  const starts = (): number[] => (doc.value ? phasesOf(doc.value).map((phase) => phase.start + 1) : []);

  function seek(to: number): void {
    settle();
    wanted.value = Math.min(Math.max(0, to), end());
  }

  function next(): void {
    settle();
    const at = k.value;
    if (at >= end()) playing.value = false;
    else if (holds(at)) playing.value = false;
    else wanted.value = at + 1;
  }

  effect(() => {
    if (!playing.value) return undefined;
    const timer = setInterval(next, DWELL / speed.value);
    return () => clearInterval(timer);
  });

  const pause = (): void => {
    playing.value = false;
  };
  /** A move by hand stops playing. */
  const byHand = (move: () => void) => () => {
    pause();
    move();
  };

  return {
    playing,
    speed,
    pause,
    seek: (to) => byHand(() => seek(to))(),
    next: byHand(next),
    previous: byHand(() => seek(k.value - 1)),
    first: byHand(() => seek(0)),
    last: byHand(() => seek(end())),
    nextPhase: byHand(() => seek(starts().find((start) => start > k.value) ?? end())),
    previousPhase: byHand(() => seek(starts().findLast((start) => start < k.value) ?? 0)),
    toggle() {
      if (playing.value) return pause();
      if (k.value >= end()) seek(0);
      playing.value = true;
      next();
    },
  };
}
