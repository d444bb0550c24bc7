/** What the page knows: the kinds, a task, an answer, and what the server says of them. */

import { batch, computed, effect, type Signal, signal } from "@preact/signals-core";
import { gradingApi, latest, Refusal } from "../api";
import { LANGUAGE, locale } from "../i18n";
import type { ApiError } from "../trace";
import type { Frame } from "./frame";
import { answerOf, type Slot, slotsOf, textsOf } from "./slots";
import type { Help, Json, Kind, Report, Task, TaskAnswer } from "./types";

/** Between a keystroke and the question to the server, in milliseconds. */
const PAUSE = 200;

export interface Bench {
  kinds: Signal<Kind[]>;
  task: Signal<Task | null>;
  /** The task in words, its model answer and marking scheme; as it was last right. */
  shown: Signal<TaskAnswer | null>;
  /** Why the task is none. */
  refused: Signal<ApiError | null>;
  slots: Signal<Slot[]>;
  /** What stands in the slots. */
  texts: Signal<string[]>;
  /** An answer of another shape, typed as JSON; `null` while the slots serve. */
  raw: Signal<string | null>;
  answer: { readonly value: Json };
  blank: { readonly value: boolean };
  help: Signal<Help>;
  report: Signal<Report | null>;
  offline: Signal<boolean>;
  choose(kind: string): void;
  draw(seed: number): Promise<void>;
  fill(answer: Json): void;
  retry(): void;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

export function createBench(first: Frame): Bench {
  const kinds = signal<Kind[]>([]);
  const task = signal<Task | null>(null);
  const shown = signal<TaskAnswer | null>(null);
  const refused = signal<ApiError | null>(null);
  const slots = signal<Slot[]>([]);
  const texts = signal<string[]>([]);
  const raw = signal<string | null>(null);
  const help = signal<Help>(first.help ?? "hint");
  const report = signal<Report | null>(null);
  const offline = signal(false);
  const again = signal(0);
  const answer = computed<Json>(() => (raw.value === null ? answerOf(slots.value, texts.value) : parsed(raw.value)));
  const blank = computed(() => (raw.value === null ? texts.value.every((text) => text.trim() === "") : raw.value.trim() === ""));
  let waiting: Json | undefined = first.answer;

  const fill = (wanted: Json): void => {
    const found = textsOf(slots.value, wanted);
    batch(() => {
      raw.value = found ? null : JSON.stringify(wanted, null, 1);
      if (found) texts.value = found;
    });
  };

  /** Another model has other slots; what was typed stays where its place is still there. */
  function reshape(model: Json): void {
    const before = new Map(slots.value.map((at, index) => [JSON.stringify(at.path), texts.value[index] ?? ""]));
    const next = slotsOf(model);
    batch(() => {
      texts.value = next.map((at) => before.get(JSON.stringify(at.path)) ?? "");
      slots.value = next;
    });
    if (waiting === undefined) return;
    fill(waiting);
    waiting = undefined;
  }

  const failed = (error: unknown, refuse: (error: ApiError) => void): void => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    offline.value = !(error instanceof Refusal);
    if (error instanceof Refusal) refuse(error.error);
  };

  const tasks = latest();
  const answers = latest();
  const load = (): void => void gradingApi.kinds(LANGUAGE[locale.value]).then((found) => {
    batch(() => {
      offline.value = false;
      kinds.value = found;
      task.value ??= first.task ?? found[0]?.task ?? null;
    });
  }, (error: unknown) => failed(error, (found) => (refused.value = found)));
  load();

  effect(() => {
    const [now, language] = [task.value, locale.value];
    again.value;
    if (!now) return;
    const timer = setTimeout(() => tasks(async (signal) => {
      await gradingApi.task({ task: now, text: language }, LANGUAGE[language], signal).then((found) => {
        batch(() => {
          refused.value = null;
          offline.value = false;
          shown.value = found;
          reshape(found.model);
        });
      }, (error: unknown) => failed(error, (found) => (refused.value = found)));
    }, true), PAUSE);
    return () => clearTimeout(timer);
  });

  effect(() => {
    const [about, given, level, language] = [shown.value, answer.value, help.value, locale.value];
    again.value;
    if (!about || refused.value || blank.value) {
      report.value = null;
      return;
    }
    const timer = setTimeout(() => answers(async (signal) => {
      await gradingApi.grade({ task: about.task, answer: given, help: level, text: language }, LANGUAGE[language], signal).then((found) => {
        batch(() => {
          offline.value = false;
          report.value = found;
        });
      }, (error: unknown) => failed(error, () => (report.value = null)));
    }, true), PAUSE);
    return () => clearTimeout(timer);
  });

  return {
    kinds, task, shown, refused, slots, texts, raw, answer, blank, help, report, offline, fill,
    choose: (kind) => {
      const found = kinds.value.find((one) => one.kind === kind);
      if (found) batch(() => {
        raw.value = null;
        texts.value = texts.value.map(() => "");
        task.value = found.task;
      });
    },
    draw: async (seed) => {
      const kind = task.value?.kind;
      if (kind === undefined) return;
      await gradingApi.draw({ kind, seed }, LANGUAGE[locale.value]).then((found) => {
        batch(() => {
          raw.value = null;
          texts.value = texts.value.map(() => "");
          task.value = found.task;
        });
      }, (error: unknown) => failed(error, () => {}));
    },
    retry: () => {
      if (kinds.value.length === 0) load();
      again.value += 1;
    },
  };
}
