import type { CredentialInUse } from './credential-in-use.js';
import type { RotationEvent, RotationReason } from './rotation-event.js';

export interface RotatedFacts {
  readonly reason: RotationReason;
  readonly durationMs: number;
  readonly pools: number;
  readonly nowMs: number;
}

/** The event for first credentials. */
export function issuedEvent({ number, issued, credential }: CredentialInUse, nowMs: number): RotationEvent {
  const expiresInMs = Math.round(issued.expiresAtMs - nowMs);
  return { type: 'credentialsIssued', generation: number, username: credential.username, expiresInMs };
}

/** The event for credentials that replaced others. */
export function rotatedEvent(from: CredentialInUse, next: CredentialInUse, { nowMs, ...facts }: RotatedFacts): RotationEvent {
  return {
    type: 'credentialsRotated',
    from: from.number,
    generation: next.number,
    username: next.credential.username,
    expiresInMs: Math.round(next.issued.expiresAtMs - nowMs),
    ...facts,
    durationMs: Math.round(facts.durationMs),
  };
}
