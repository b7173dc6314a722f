import { namespaceName } from '../../client/request/namespace-name.js';
import type { VaultHandler } from '../../client/call/vault-handler.js';
import { vaultPath } from '../../client/request/vault-path.js';
import type { VaultErrorCode } from '../../errors/error-codes.js';
import { isVaultError } from '../../errors/is-vault-error.js';
import { VaultAbortedError } from '../../errors/vault-aborted.error.js';
import { VaultTimeoutError } from '../../errors/vault-timeout.error.js';
import { abandonable } from '../../support/abandonable.js';
import { checkedSignal } from '../../support/checked/checked-signal.js';
import type { Clock } from '../../support/time/clock.js';
import { fieldsOf } from '../../support/json/json-fields.js';
import { SingleFlight } from '../../support/single-flight.js';
import { withinTime } from '../../support/time/within-time.js';
import { callOptions, type EngineCall } from '../engine-call.js';
import { withoutEndSlash } from '../engine-client.js';

export type KvVersion = 1 | 2;

export interface MountVersionsSurroundings {
  readonly clock: Clock;
  /** Namespace of calls that name none. */
  readonly namespace?: string | undefined;
}

/** What is known of a mount. */
interface Knowledge {
  /** `undefined`: Vault does not tell us. */
  readonly version: KvVersion | undefined;
  readonly askedAtMs: number;
}

/** Vault is not asked about the same mount again before this time has passed, unless we changed the mounts ourselves. */
const askAgainAfterMs = 60_000;

/** Mounts that are remembered at the most: an application may take their names from outside. */
const mostMounts = 1_000;

/** Answers that say no more than that this server does not tell us. */
const untold: ReadonlySet<VaultErrorCode> = new Set([
  'VAULT_PERMISSION_DENIED',
  'VAULT_NOT_FOUND',
  'VAULT_REQUEST_INVALID',
  'VAULT_RESPONSE_INVALID',
  'VAULT_PATH_INVALID',
]);

/** Which version of the KV engine is mounted where: asked once for a mount, and remembered until the mounts change. */
export class MountVersions {
  readonly #send: VaultHandler;
  readonly #clock: Clock;
  readonly #namespace: string;
  readonly #known = new Map<string, Knowledge>();
  readonly #flights = new SingleFlight<string, KvVersion | undefined>();
  /** Grows when the mounts change: an answer from before is not remembered. */
  #epoch = 0;

  constructor(send: VaultHandler, { clock, namespace = '' }: MountVersionsSurroundings) {
    this.#send = send;
    this.#clock = clock;
    this.#namespace = namespace;
  }

  /** Now, on the clock of the answers. */
  get nowMs(): number {
    return this.#clock.nowMs();
  }

  /** The version if Vault told it before. */
  known(mountPoint: string, namespace = this.#namespace): KvVersion | undefined {
    return this.#known.size === 0 ? undefined : this.#known.get(keyOf(mountPoint, namespace))?.version;
  }

  /**
   * The version of the mount; 2 where the token may not ask.
   * Source: `sys/internal/ui/mounts/:path`, which every token may ask that has any right below the mount.
   */
  async versionOf(mountPoint: string, call: EngineCall): Promise<KvVersion> {
    return this.known(mountPoint, call.namespace) ?? (await this.askedVersionOf(mountPoint, call));
  }

  /** The version of a mount whose secret was not where it should be: asked once more if it was not asked lately. */
  async askedVersionOf(mountPoint: string, call: EngineCall): Promise<KvVersion> {
    const key = keyOf(mountPoint, call.namespace ?? this.#namespace);
    const known = this.#known.get(key);
    const isRecent = known !== undefined && this.nowMs - known.askedAtMs < askAgainAfterMs;
    const version = isRecent ? known.version : await this.#wait(key, mountPoint, call);
    return version ?? 2;
  }

  /** Remembers a version that an answer gave away, until a secret is not where it should be. */
  learn(mountPoint: string, namespace: string | undefined, version: KvVersion): void {
    this.#remember(keyOf(mountPoint, namespace ?? this.#namespace), { version, askedAtMs: -Infinity });
  }

  /** Forgets everything: the mounts have changed. */
  clear(): void {
    this.#epoch += 1;
    this.#known.clear();
  }

  /** One call for all who ask now: each waits for it with his own signal and his own deadline. */
  async #wait(key: string, mountPoint: string, call: EngineCall): Promise<KvVersion | undefined> {
    const { timeoutMs } = call;
    const signal = checkedSignal(call.signal);
    const what = `the question for the version of the KV engine at ${mountPoint}`;
    // Nobody would wait for the answer that this could start.
    if (signal?.aborted === true) throw new VaultAbortedError(`The caller aborted ${what}.`);
    const answer = this.#flights.run(`${this.#epoch}|${key}`, () => this.#ask(key, mountPoint, call));
    const expired = (): Error => new VaultTimeoutError(`Vault did not answer ${what} within ${timeoutMs} ms.`);
    const inTime = timeoutMs === undefined ? answer : withinTime(answer, { clock: this.#clock, timeoutMs, expired });
    return abandonable(inTime, signal, () => new VaultAbortedError(`The caller aborted ${what}.`));
  }

  async #ask(key: string, mountPoint: string, call: EngineCall): Promise<KvVersion | undefined> {
    const epoch = this.#epoch;
    const { signal: _signal, timeoutMs: _timeoutMs, wrapTtl: _wrapTtl, ...shared } = callOptions(call);
    const version = await this.#told(shared, mountPoint);
    if (this.#epoch === epoch) this.#remember(key, { version, askedAtMs: this.nowMs });
    return version;
  }

  #remember(key: string, knowledge: Knowledge): void {
    if (this.#known.size >= mostMounts) this.#known.clear();
    this.#known.set(key, knowledge);
  }

  async #told(call: EngineCall, mountPoint: string): Promise<KvVersion | undefined> {
    try {
      const path = vaultPath('sys', 'internal', 'ui', 'mounts', withoutEndSlash(mountPoint));
      const mount = fieldsOf((await this.#send({ ...call, method: 'GET', path })).data);
      if (fieldsOf(mount['options'])['version'] === '2') return 2;
      // The first KV engines have no version; what has no type either tells nothing.
      return typeof mount['type'] === 'string' ? 1 : undefined;
    } catch (error) {
      if (isVaultError(error) && untold.has(error.code)) return undefined;
      throw error;
    }
  }
}

function keyOf(mountPoint: string, namespace: string): string {
  return `${namespaceName(namespace)}|${withoutEndSlash(mountPoint)}`;
}
