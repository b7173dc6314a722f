interface Entry<Item, Key> {
  readonly item: Item;
  key: Key;
  at: number;
}

/**
 * Items in the order of their keys, the first of them at hand: adding, moving and removing one costs O(log n). A binary heap whose items
 * know their place, so that each can be moved. Items with equal keys come in any order.
 */
export class PriorityQueue<Item, Key> {
  readonly #isBefore: (left: Key, right: Key) => boolean;
  readonly #heap: Entry<Item, Key>[] = [];
  readonly #entries = new Map<Item, Entry<Item, Key>>();

  /** @param isBefore whether `left` comes before `right`: a strict order */
  constructor(isBefore: (left: Key, right: Key) => boolean) {
    this.#isBefore = isBefore;
  }

  get size(): number {
    return this.#heap.length;
  }

  /** The first of all; undefined when there is none. */
  get first(): Item | undefined {
    return this.#heap[0]?.item;
  }

  /** The key of the first; undefined when there is none. */
  get firstKey(): Key | undefined {
    return this.#heap[0]?.key;
  }

  has(item: Item): boolean {
    return this.#entries.has(item);
  }

  /** Adds `item`, or moves it to where `key` belongs. */
  set(item: Item, key: Key): void {
    const known = this.#entries.get(item);
    if (known !== undefined) {
      known.key = key;
      this.#settle(known);
      return;
    }
    const entry = { item, key, at: this.#heap.length };
    this.#entries.set(item, entry);
    this.#heap.push(entry);
    this.#rise(entry);
  }

  /** @returns whether it was there */
  delete(item: Item): boolean {
    const entry = this.#entries.get(item);
    if (entry === undefined) return false;
    this.#entries.delete(item);
    const last = this.#heap.pop()!;
    if (last !== entry) {
      this.#put(last, entry.at);
      this.#settle(last);
    }
    return true;
  }

  /** All of them, in no order. */
  items(): IterableIterator<Item> {
    return this.#entries.keys();
  }

  clear(): void {
    this.#heap.length = 0;
    this.#entries.clear();
  }

  #settle(entry: Entry<Item, Key>): void {
    this.#rise(entry);
    this.#sink(entry);
  }

  #rise(entry: Entry<Item, Key>): void {
    let at = entry.at;
    while (at > 0) {
      const parent = this.#heap[(at - 1) >> 1]!;
      if (!this.#isBefore(entry.key, parent.key)) break;
      const parentAt = parent.at;
      this.#put(parent, at);
      at = parentAt;
    }
    this.#put(entry, at);
  }

  #sink(entry: Entry<Item, Key>): void {
    let at = entry.at;
    for (;;) {
      const child = this.#firstChild(at);
      if (child === undefined || !this.#isBefore(child.key, entry.key)) break;
      const childAt = child.at;
      this.#put(child, at);
      at = childAt;
    }
    this.#put(entry, at);
  }

  #firstChild(at: number): Entry<Item, Key> | undefined {
    const left = this.#heap[2 * at + 1];
    const right = this.#heap[2 * at + 2];
    return left !== undefined && right !== undefined && this.#isBefore(right.key, left.key) ? right : left;
  }

  #put(entry: Entry<Item, Key>, at: number): void {
    this.#heap[at] = entry;
    entry.at = at;
  }
}
