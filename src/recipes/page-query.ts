/** Which page is asked for; both count from 1. */
export interface PageQuery {
  readonly page: number;
  readonly pageSize: number;
}
