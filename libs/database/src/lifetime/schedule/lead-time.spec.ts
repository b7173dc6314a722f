import { describe, expect, it } from 'vitest';
import { LeadTime } from './lead-time.js';

describe('LeadTime', () => {
  it('is what the last rotation took, and forgets a longer one step by step', () => {
    const lead = new LeadTime();
    expect(lead.ms).toBe(0);
    const known = [8_000, 100, 100, 3_000].map((ms) => (lead.rotated(ms), lead.ms));
    expect(known).toEqual([8_000, 4_000, 2_000, 3_000]);
  });

  it('is not made shorter by a pool that starts', () => {
    const lead = new LeadTime();
    const known = [8_000, 100].map((ms) => (lead.started(ms), lead.ms));
    expect(known).toEqual([8_000, 8_000]);
  });
});
