import { describe, expect, it, vi } from 'vitest';
import { TypedEvents } from './typed-events.js';

const late = (): unknown => Promise.reject(new Error('a late bug'));

describe('TypedEvents', () => {
  it('reaches every listener although one throws or rejects, and reports both', async () => {
    const onListenerError = vi.fn<(error: unknown) => void>();
    const events = new TypedEvents<string>(onListenerError);
    const heard: string[] = [];
    events.subscribe(() => {
      throw new Error('a bug of the application');
    });
    events.subscribe(late);
    events.subscribe((event) => heard.push(event));
    events.emit('leaseRenewed');
    await vi.waitFor(() => expect(onListenerError).toHaveBeenCalledTimes(2));
    expect(heard).toEqual(['leaseRenewed']);
  });

  it('goes on where the report of such a bug fails as well', async () => {
    const onListenerError = vi.fn<(error: unknown) => void>(() => {
      throw new Error('a logger that cannot write');
    });
    const events = new TypedEvents<string>(onListenerError);
    const heard: string[] = [];
    events.subscribe(() => {
      throw new Error('a bug of the application');
    });
    events.subscribe(late);
    events.subscribe((event) => heard.push(event));
    expect(() => events.emit('leaseRenewed')).not.toThrow();
    await vi.waitFor(() => expect(onListenerError).toHaveBeenCalledTimes(2));
    expect(heard).toEqual(['leaseRenewed']);
  });

  it('reaches nobody who has left', () => {
    const events = new TypedEvents<string>();
    const listener = vi.fn<(event: string) => void>();
    events.subscribe(listener)();
    events.emit('x');
    expect(listener).not.toHaveBeenCalled();
  });

  it('reaches once a listener that leaves and comes back while it is called', () => {
    const events = new TypedEvents<string>();
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
    const events = new TypedEvents<string>();
    const second = vi.fn<(event: string) => void>();
    const stops: (() => void)[] = [];
    events.subscribe(() => stops.forEach((stop) => stop()));
    stops.push(events.subscribe(second));
    events.emit('x');
    expect(second).not.toHaveBeenCalled();
  });
});
