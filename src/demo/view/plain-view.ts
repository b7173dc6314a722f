import type { DemoEvent } from '../state/demo-event.js';
import { demoEventLine, demoPlainLine } from './demo-plain-line.js';
import type { DemoSnapshot } from '../state/demo-snapshot.js';
import { stagePlainLine, type DemoStage } from './demo-stage.js';
import type { DemoView } from './demo-view.js';

/** One line after the other, without control characters: for pipes, files and CI. */
export class PlainView implements DemoView {
  readonly refreshMs = 2_000;
  readonly #print: (line: string) => void;
  readonly #said = new Set<string>();

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  stages(stages: readonly DemoStage[]): void {
    for (const text of stages.map(stagePlainLine)) {
      if (!this.#said.has(text)) this.#print(text);
      this.#said.add(text);
    }
  }

  event(event: DemoEvent): void {
    this.#print(demoEventLine(event));
  }

  snapshot(snapshot: DemoSnapshot): void {
    this.#print(demoPlainLine(snapshot));
  }

  lines(lines: readonly string[]): void {
    for (const text of lines) this.#print(text);
  }

  close(): void {}
}
