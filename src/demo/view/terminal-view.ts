import type { WriteStream } from 'node:tty';
import type { DemoEvent } from '../state/demo-event.js';
import type { DemoSnapshot } from '../state/demo-snapshot.js';
import { stageLine, type DemoStage } from './demo-stage.js';
import { demoTable, type TerminalSize } from './demo-table.js';
import type { DemoView } from './demo-view.js';
import { fitLine, line, type StyledLine } from './styled-line.js';
import { TerminalScreen } from './terminal-screen.js';

const SPIN_MS = 100;

/** A terminal whose last lines are redrawn: the steps while they run, the table while the demo serves. Follows changes of its size. */
export class TerminalView implements DemoView {
  readonly refreshMs = 250;
  readonly #output: WriteStream;
  readonly #nowMs: () => number;
  readonly #screen: TerminalScreen;
  readonly #onResize = (): void => this.#resized();
  #shown: 'nothing' | 'stages' | 'table' = 'nothing';
  #frame: () => readonly StyledLine[] = () => [];
  #spin: NodeJS.Timeout | undefined;

  constructor(output: WriteStream, nowMs: () => number) {
    this.#output = output;
    this.#nowMs = nowMs;
    this.#screen = new TerminalScreen(output, { colour: output.hasColors() });
    output.on('resize', this.#onResize);
  }

  stages(stages: readonly DemoStage[]): void {
    this.#show('stages', () => stages.map((stage) => stageLine(stage, this.#nowMs())));
    if (stages.some(({ state }) => state === 'running')) this.#spin ??= setInterval(() => this.#draw(), SPIN_MS);
    else this.#stopSpinning();
  }

  /** The table's journal shows it with the next snapshot. */
  event(_event: DemoEvent): void {}

  snapshot(snapshot: DemoSnapshot): void {
    this.#show('table', () => demoTable(snapshot, this.#size));
  }

  lines(lines: readonly string[]): void {
    this.#show('nothing', () => lines.map((text) => line(text, styleOf(text))));
    this.#keep();
  }

  close(): void {
    this.#stopSpinning();
    this.#output.off('resize', this.#onResize);
    this.#screen.close();
  }

  get #size(): TerminalSize {
    return { columns: this.#output.columns || 80, rows: this.#output.rows || 24 };
  }

  #show(what: 'nothing' | 'stages' | 'table', frame: () => readonly StyledLine[]): void {
    if (what !== this.#shown) this.#keep();
    this.#shown = what;
    this.#frame = frame;
    this.#draw();
  }

  #draw(): void {
    const { columns, rows } = this.#size;
    const lines = this.#frame();
    if (lines.length > 0) this.#screen.draw(lines.slice(-rows).map((segments) => fitLine(segments, columns)));
  }

  #keep(): void {
    this.#stopSpinning();
    this.#screen.keep();
    this.#frame = () => [];
  }

  #stopSpinning(): void {
    clearInterval(this.#spin);
    this.#spin = undefined;
  }

  #resized(): void {
    this.#screen.resized();
    this.#draw();
  }
}

function styleOf(text: string): 'bold' | 'red' | 'green' | undefined {
  if (text.startsWith('FAILED')) return 'red';
  if (text.startsWith('All well')) return 'green';
  return text.startsWith(' ') ? undefined : 'bold';
}
