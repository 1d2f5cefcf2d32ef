/** Whether a value is still to come: to await one that is there costs a turn, and a promise. */
export function isPromise<Value>(value: Promise<Value> | Value): value is Promise<Value> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
