/** What a proxy does to the connections that pass it. */
export type Fault =
  | { readonly kind: 'none' }
  /** New connections are refused, as if nothing listened; open ones go on. */
  | { readonly kind: 'refuse' }
  /** Open connections and every new one are reset (RST). */
  | { readonly kind: 'reset' }
  /** Connections are accepted and nothing moves; what was sent arrives after the healing. */
  | { readonly kind: 'hang' }
  /** Every piece of data arrives this much later, in each direction. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Each connection is reset once the server has sent it this many bytes from now on. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Whatever is sent is lost, in both directions; the connections it was sent on are dead and are reset at the healing. */
  | { readonly kind: 'partition' };
