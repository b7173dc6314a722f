/** Fields of Vault's bodies whose value nobody may read in an output. */
const secretFields = new Set(['client_token', 'token', 'password', 'secret_id', 'role_id', 'private_key']);

/** A secret that was found where it must not be; names the place, never the secret. */
export interface Leak {
  readonly output: string;
  readonly line: number;
  /** How it was written: as it is, or encoded. */
  readonly form: string;
}

/** Every secret that was issued or used in a run, and the search for them in what the run has printed. */
export class SecretLedger {
  readonly #secrets = new Set<string>();

  get size(): number {
    return this.#secrets.size;
  }

  /** Shorter ones would be found by chance. */
  add(secret: string): void {
    if (secret.length >= 8) this.#secrets.add(secret);
  }

  /** Takes the secrets out of a body in JSON and returns them with the field that held each. */
  addFrom(body: string): [field: string, secret: string][] {
    const found: [string, string][] = [];
    try {
      collect(JSON.parse(body), found);
    } catch {
      return [];
    }
    for (const [, secret] of found) this.add(secret);
    return found;
  }

  /** Where an output shows a secret, in plain or in an encoding that anyone can undo. */
  search(name: string, output: string): Leak[] {
    const lines = output.split('\n');
    return [...this.#secrets].flatMap((secret) =>
      formsOf(secret).flatMap(([form, text]) =>
        output.includes(text) ? [{ output: name, line: lines.findIndex((line) => line.includes(text)) + 1, form }] : [],
      ),
    );
  }
}

function collect(value: unknown, found: [string, string][]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [field, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && secretFields.has(field)) found.push([field, inner]);
    else collect(inner, found);
  }
}

function formsOf(secret: string): [form: string, text: string][] {
  const forms: [string, string][] = [
    ['plain', secret],
    ['json', JSON.stringify(secret).slice(1, -1)],
    ['url', encodeURIComponent(secret)],
    ['base64', Buffer.from(secret).toString('base64').replace(/=+$/, '')],
    ['hex', Buffer.from(secret).toString('hex')],
  ];
  return forms.filter(([form, text]) => form === 'plain' || text !== secret);
}
