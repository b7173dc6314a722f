/**
 * Why a connection could not be opened:
 * - `login`: user or password refused; other credentials may help.
 * - `network`: the server was not reached or is starting; the same try may succeed later.
 * - `overload`: the server has no connection to spare.
 * - `configuration`: wrong host, database or certificate; trying again does not help.
 * - `other`: not known; reported as it is.
 */
export type FailureKind = 'login' | 'network' | 'overload' | 'configuration' | 'other';
