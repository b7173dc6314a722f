import { describe, expect, it } from 'vitest';
import { envelope } from '../../../client/raw-server.fixture.js';
import { SecretValue } from '../../../support/redaction/secret-value.js';
import { answeringBody, failureOf } from '../answering-vault.fixture.js';

describe('What Vault repeats of a call', () => {
  const echoed = { pin: 987_654, quoted: 'pa"ss\\word', encoded: 'p@ss/word with spaces', held: new SecretValue('held-secret') };
  const forms = ['987654', 'pa"ss\\word', 'pa\\"ss\\\\word', 'p%40ss%2Fword%20with%20spaces', 'p%40ss%2Fword+with+spaces', 'held-secret'];

  it.each(forms)('hides %j of what was sent, in an error and in a warning', async (form) => {
    const body = { data: echoed };
    const refusing = await answeringBody({ errors: [`bad value ${form}`] }, 400);
    const error = await failureOf(refusing.request({ method: 'POST', path: 'any', body }));
    expect(error.serverErrors).toEqual(['bad value [redacted]']);
    const { warnings } = await (
      await answeringBody(envelope({}, { warnings: [`odd value ${form}`] }))
    ).request({ method: 'POST', path: 'any', body });
    expect(warnings).toEqual(['odd value [redacted]']);
    expect(warnings).toSatisfy(Object.isFrozen);
  });

  it('hides what was sent beside a field that is called like a method', async () => {
    const vault = await answeringBody({ errors: ['refused: hunter2-secret'] }, 400);
    const error = await failureOf(
      vault.request({ method: 'POST', path: 'any', body: { toString: 'x', list: [{ password: 'hunter2-secret' }] } }),
    );
    expect(String(error)).not.toContain('hunter2-secret');
  });

  it('hides the token and the query of a call in warnings', async () => {
    const vault = await answeringBody(envelope({}, { warnings: ['s.very-secret-token asked for query-secret'] }));
    const { warnings } = await vault.request({ method: 'GET', path: 'any', query: { token: 'query-secret', version: 3 } });
    expect(warnings).toEqual(['[redacted] asked for [redacted]']);
  });
});
