/** Counts attempts, such as sign-ins, by who makes them and what they are at. */
export interface AttemptLimiter {
  /**
   * Counts one attempt for each key.
   *
   * @throws RefractError RATE_LIMITED where a key has had too many
   */
  consume(keys: readonly string[]): Promise<void>
  /** Forgets what was counted for the keys. */
  reset(keys: readonly string[]): Promise<void>
}

/** Makes a limiter: `attempts` in `seconds` for each key, then nothing for `blockSeconds`. */
export type CreateAttemptLimiter = (options: {
  /** Tells the limiter from others that count the same keys. */
  readonly name: string
  readonly attempts: number
  readonly seconds: number
  readonly blockSeconds?: number
}) => AttemptLimiter
