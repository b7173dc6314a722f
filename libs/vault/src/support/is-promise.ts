/** Whether the value is still awaited. Not told by its class: a library may put one of its own in the place of `Promise`, as zone.js does. */
export function isPromise<Value>(given: Value | Promise<Value>): given is Promise<Value> {
  return typeof given === 'object' && given !== null && 'then' in given && typeof given.then === 'function';
}
