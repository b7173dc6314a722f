import { describe, expect, it, vi } from 'vitest';
import { EventHub } from './event-hub.js';

const late = (): unknown => Promise.reject(new Error('a late bug'));

describe('EventHub', () => {
  it('reaches every listener although one throws or rejects, and reports both without what they threw', async () => {
    const onListenerError = vi.fn<(...args: unknown[]) => void>();
    const events = new EventHub<string>(onListenerError);
    const heard: string[] = [];
    events.subscribe(() => {
      throw new Error('a bug of the application');
    });
    events.subscribe(late);
    events.subscribe((event) => heard.push(event));
    events.emit('credentialsRotated');
    await vi.waitFor(() => expect(onListenerError.mock.calls).toEqual([[], []]));
    expect(heard).toEqual(['credentialsRotated']);
  });

  it('reaches once a listener that leaves and comes back while it is called', () => {
    const events = new EventHub<string>();
    const heard: string[] = [];
    const stops: (() => void)[] = [];
    const again = (event: string): void => {
      heard.push(event);
      stops.pop()?.();
      if (heard.length < 10) stops.push(events.subscribe(again));
    };
    stops.push(events.subscribe(again));
    events.emit('x');
    expect(heard).toEqual(['x']);
    events.emit('y');
    expect(heard).toEqual(['x', 'y']);
  });

  it('reaches nobody whom another listener has removed meanwhile', () => {
    const events = new EventHub<string>();
    const second = vi.fn<(event: string) => void>();
    const stops: (() => void)[] = [];
    events.subscribe(() => stops.forEach((stop) => stop()));
    stops.push(events.subscribe(second));
    events.emit('x');
    expect(second).not.toHaveBeenCalled();
  });
});
