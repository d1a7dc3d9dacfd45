import type { Row } from "../entities.ts";
import type { Collection } from "../store.ts";

/**
 * Acts on every row that is due, one after the other. It looks anew after each, since others may act
 * on the same rows meanwhile.
 *
 * @param act must make its row no longer due before it first waits.
 */
export async function eachDue<R extends Row>(
  rows: Collection<R>,
  isDue: (row: R) => boolean,
  act: (row: R) => Promise<void>,
): Promise<void> {
  for (let row = rows.find(isDue); row !== undefined; row = rows.find(isDue)) await act(row);
}
