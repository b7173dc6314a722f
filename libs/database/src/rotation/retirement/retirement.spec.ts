import { describe, expect, it } from 'vitest';
import { pool, Stage, type PlayedCredential } from '../rotation-stage.fixture.js';

/** First credentials that were replaced while their source was away. */
async function replaced(): Promise<{ readonly stage: Stage; readonly old: PlayedCredential }> {
  const stage = new Stage();
  await stage.controller.admit(pool);
  const old = stage.issued[0]!;
  old.shorten = () => Promise.reject(new Error('away'));
  old.onRevoke = () => Promise.reject(new Error('away'));
  await stage.controller.refreshNow();
  await stage.clock.advance(0);
  return { stage, old };
}

/** How the first credentials came to their end. */
function outcomes({ events }: Stage): string[] {
  return events
    .filter((event) => (event.type === 'revocationFailed' || event.type === 'credentialsRevoked') && event.generation === 1)
    .map(({ type }) => type);
}

describe('when replaced credentials can be neither shortened nor revoked', () => {
  it('they are revoked when the source is back, however late, and it is asked once a second at the most', async () => {
    const { stage, old } = await replaced();
    await stage.clock.advance(300_000);
    expect(outcomes(stage)).toEqual(['revocationFailed']);
    expect(old.revocations).toBeLessThanOrEqual(16);
    old.onRevoke = () => Promise.resolve();
    await stage.clock.advance(30_000);
    expect(outcomes(stage)).toEqual(['revocationFailed', 'credentialsRevoked']);
    expect(old.releases).toBe(0);
    await stage.controller.stop();
  });

  it('they are forgotten once they have ended by themselves', async () => {
    const { stage, old } = await replaced();
    await stage.clock.advance(640_000);
    expect(outcomes(stage)).toEqual(['revocationFailed']);
    expect(old.releases).toBe(1);
    const { revocations } = old;
    await stage.clock.advance(60_000);
    expect(old.revocations).toBe(revocations);
    await stage.controller.stop();
  });

  it('the application that stops tries once more, at once, and leaves what still lives to the source', async () => {
    const { stage, old } = await replaced();
    await stage.clock.advance(20_000);
    const { revocations } = old;
    await stage.controller.stop();
    expect(old.revocations).toBe(revocations + 1);
    expect(old.releases).toBe(0);
    expect(outcomes(stage)).toEqual(['revocationFailed']);
  });
});
