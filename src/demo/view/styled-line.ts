import { inspect } from 'node:util';

/** How a piece of text is painted when the terminal takes colours. */
export type TextStyle = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';

/** A piece of a line; only characters that are one column wide. */
export interface Segment {
  readonly text: string;
  readonly style?: TextStyle | undefined;
}

/** A line of a terminal, piece by piece: it can be cut to a width before control characters make it longer than it looks. */
export type StyledLine = readonly Segment[];

/** A line of one style. */
export function line(text: string, style?: TextStyle): StyledLine {
  return [{ text, style }];
}

/** Cuts a line that is wider than `columns`; its last column then shows an ellipsis. */
export function fitLine(segments: StyledLine, columns: number): StyledLine {
  const width = segments.reduce((sum, { text }) => sum + text.length, 0);
  if (width <= columns) return segments;
  const fitted: Segment[] = [];
  let left = Math.max(0, columns - 1);
  for (const { text, style } of segments) {
    const kept = text.slice(0, left);
    left -= kept.length;
    if (kept !== '') fitted.push({ text: kept, style });
  }
  return columns > 0 ? [...fitted, { text: '…' }] : fitted;
}

/** The characters to write, with colours or without. */
export function paintLine(segments: StyledLine, colour: boolean): string {
  return segments.map(({ text, style }) => (colour && style ? paint(text, style) : text)).join('');
}

/** `styleText` would ask the process's own stdout whether it takes colours; here the caller has decided. */
function paint(text: string, style: TextStyle): string {
  const [on, off] = inspect.colors[style] ?? [0, 0];
  return `\u001B[${on}m${text}\u001B[${off}m`;
}
