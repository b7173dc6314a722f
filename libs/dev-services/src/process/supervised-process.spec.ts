import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SupervisedProcess } from './supervised-process.js';

const ended = { code: 0, signal: null } as const;

/** A process whose signals are noted, and which ends at the signals named. */
function processEndingAt(...deadly: readonly NodeJS.Signals[]): { started: SupervisedProcess; signals: NodeJS.Signals[] } {
  const signals: NodeJS.Signals[] = [];
  const started = new SupervisedProcess({
    pid: 4_000,
    stopSignal: 'SIGTERM',
    secrets: ['root-of-all'],
    signal: async (signal) => {
      signals.push(signal);
      if (deadly.includes(signal)) started.markEnded({ code: null, signal });
    },
  });
  return { started, signals };
}

describe('A supervised process', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  describe('that is stopped', () => {
    it.each<[string, NodeJS.Signals | undefined, NodeJS.Signals]>([
      ['the signal of its kind', undefined, 'SIGTERM'],
      ['the signal that is asked for', 'SIGINT', 'SIGINT'],
    ])('gets %s, and no further one once it has ended', async (_, asked, sent) => {
      const { started, signals } = processEndingAt(sent);
      await started.stop(asked);
      await vi.advanceTimersByTimeAsync(60_000);
      expect(signals).toEqual([sent]);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('is resumed, as a suspended one could not end', async () => {
      const { started, signals } = processEndingAt('SIGCONT');
      await started.suspend();
      await started.stop();
      expect(signals).toEqual(['SIGSTOP', 'SIGTERM', 'SIGCONT']);
    });

    it('is killed when it has not ended after ten seconds, and not before', async () => {
      const { started, signals } = processEndingAt('SIGKILL');
      const stopped = started.stop();
      await vi.advanceTimersByTimeAsync(9_999);
      expect(signals).toEqual(['SIGTERM', 'SIGCONT']);
      await vi.advanceTimersByTimeAsync(1);
      await stopped;
      expect(signals.at(-1)).toBe('SIGKILL');
      expect(started.exit).toEqual({ code: null, signal: 'SIGKILL' });
    });
  });

  it.each(['stop', 'kill', 'suspend', 'resume'] as const)(
    'gets no signal by %s after its end: its number may be another’s',
    async (action) => {
      const { started, signals } = processEndingAt();
      started.markEnded(ended);
      await started[action]();
      expect(signals).toEqual([]);
    },
  );

  describe('whose output is waited for', () => {
    it.each<[string, (started: SupervisedProcess) => unknown, boolean]>([
      ['has said it before', () => undefined, true],
      ['says it in pieces', ({ output }) => ['server st', 'arted!\n'].forEach((text) => output.append(text)), true],
      ['ends without a word', (started) => started.markEnded(ended), false],
      ['says nothing in time', () => vi.advanceTimersByTimeAsync(1_000), false],
    ])('answers when it %s', async (what, act, found) => {
      const { started } = processEndingAt();
      if (what === 'has said it before') started.output.append('server started!');
      const waited = started.waitForOutput(/server started!/, 1_000);
      await act(started);
      expect(await waited).toBe(found);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('counts its last words', async () => {
      const { started } = processEndingAt();
      const waited = started.waitForOutput(/address already in use/, 1_000);
      started.output.append('address already in use');
      started.markEnded(ended);
      expect(await waited).toBe(true);
    });
  });

  it('shows no secret in its output', () => {
    const { started } = processEndingAt();
    started.output.append('Root Token: root-of-all\nroot-of-all again\n');
    expect(started.output.lastLines()).toBe('Root Token: <redacted>\n<redacted> again');
  });
});
