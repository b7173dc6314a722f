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

  it('reaches nobody who has left', () => {
    const events = new TypedEvents<string>();
    const listener = vi.fn<(event: string) => void>();
    events.subscribe(listener)();
    events.emit('x');
    expect(listener).not.toHaveBeenCalled();
  });
});
