import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { AnswerCollector } from './answer-collector.js';

/** A collector that notes what came of it, and what it asked of the connection. */
function collecting(maxBytes = 8) {
  const outcomes: unknown[] = [];
  const aborts: unknown[] = [];
  const collector = new AnswerCollector(maxBytes, {
    resolve: (answer) => outcomes.push(answer),
    reject: (failure) => outcomes.push(failure),
  });
  const controller = { abort: (reason: Error) => aborts.push(reason.message) } as unknown as Dispatcher.DispatchController;
  return { collector, controller, outcomes, aborts };
}

describe('AnswerCollector', () => {
  it.each<[string, (given: ReturnType<typeof collecting>) => void]>([
    ['more of the body', ({ collector, controller }) => collector.onResponseData(controller, Buffer.from('more'))],
    ['its end', ({ collector }) => collector.onResponseEnd()],
    ['an error of the connection', ({ collector, controller }) => collector.onResponseError(controller, new Error('aborted'))],
    ['another reason to stop', ({ collector }) => collector.stop('aborted')],
  ])('has one outcome when an answer that is too large is followed by %s', (_, follow) => {
    const given = collecting();
    const { collector, controller, outcomes, aborts } = given;
    collector.onRequestStart(controller);
    collector.onResponseStart(controller, 200, {});
    collector.onResponseData(controller, Buffer.from('nine bytes'));
    follow(given);
    expect(outcomes).toEqual([{ stop: 'too-large' }]);
    expect(aborts).toEqual(['too-large']);
  });

  it('has one outcome when a compressed failure is followed by its end', () => {
    const { collector, controller, outcomes, aborts } = collecting();
    collector.onRequestStart(controller);
    collector.onResponseStart(controller, 503, { 'content-encoding': 'gzip' });
    collector.onResponseData(controller, Buffer.from('more than eight bytes'));
    collector.onResponseEnd();
    collector.onResponseError(controller, new Error('aborted'));
    expect(outcomes).toEqual([{ status: 503, headers: { 'content-encoding': 'gzip' }, body: '' }]);
    expect(aborts).toEqual(['encoded']);
  });

  it('stays with an answer that is complete when its deadline comes a moment later', () => {
    const { collector, controller, outcomes, aborts } = collecting();
    collector.onRequestStart(controller);
    collector.onResponseStart(controller, 204, {});
    collector.onResponseEnd();
    collector.stop('deadline');
    expect(outcomes).toEqual([{ status: 204, headers: {}, body: '' }]);
    expect(aborts).toEqual([]);
  });
});
