import type { DemoStage } from './demo-stage.js';

/** What to say about a step. */
export interface StagePlan<T> {
  readonly name: string;
  readonly doing: string;
  /** Said in place of `doing` once the step takes longer than one expects. */
  readonly slow?: { readonly afterMs: number; readonly text: string };
  done(result: T): string;
}

/** The steps of the start, several of which may run at a time; tells `show` of every change. */
export class StageBoard {
  readonly #stages: DemoStage[] = [];
  readonly #show: (stages: readonly DemoStage[]) => void;
  readonly #nowMs: () => number;

  constructor(show: (stages: readonly DemoStage[]) => void, nowMs: () => number) {
    this.#show = show;
    this.#nowMs = nowMs;
  }

  /** Does the work as a step of the board. Rejects as the work does; the step then shows as failed. */
  async run<T>(plan: StagePlan<T>, work: () => Promise<T>): Promise<T> {
    const index = this.#stages.length;
    const { name, doing, slow } = plan;
    this.#set(index, { name, state: 'running', text: doing, startedAtMs: this.#nowMs(), endedAtMs: undefined });
    const timer = slow && setTimeout(() => this.#change(index, { text: slow.text }), slow.afterMs);
    try {
      const result = await work();
      this.#change(index, { state: 'done', text: plan.done(result), endedAtMs: this.#nowMs() });
      return result;
    } catch (error) {
      this.#change(index, { state: 'failed', text: doing, endedAtMs: this.#nowMs() });
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  #change(index: number, change: Partial<DemoStage>): void {
    const stage = this.#stages[index];
    if (stage) this.#set(index, { ...stage, ...change });
  }

  #set(index: number, stage: DemoStage): void {
    this.#stages[index] = stage;
    this.#show([...this.#stages]);
  }
}
