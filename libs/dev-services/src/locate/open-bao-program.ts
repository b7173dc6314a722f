/** A program that serves the Vault API: a binary on this machine, or an image that a container runtime runs. */
export type OpenBaoProgram =
  | { readonly kind: 'binary'; readonly path: string; readonly source: string }
  | { readonly kind: 'container'; readonly runtime: string; readonly image: string; readonly source: string };

/** One place to look for it. */
export interface OpenBaoPlace {
  readonly name: string;
  /** The program, or why it is not there. */
  look(): Promise<OpenBaoProgram | string>;
}
