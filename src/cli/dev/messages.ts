/** From the child that serves to the supervisor. */
export type ChildMessage =
  /** All is ready except the port, which the child before still has. */
  { readonly kind: 'ready' } | { readonly kind: 'listening'; readonly url: string }

/** From the supervisor to its child. */
export type SupervisorMessage = { readonly kind: 'listen' } | { readonly kind: 'stop' }

/** Tells a `refract start` that it is such a child. */
export const childVariable = 'REFRACT_DEV_CHILD'
