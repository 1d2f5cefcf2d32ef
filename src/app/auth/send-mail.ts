import type { AuthSetup } from '../../index.ts'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Sends a message; what goes wrong is in the log, since nobody waits for it. */
export type SendMail = (mail: Mail) => Promise<void>

const webhookMilliseconds = 10_000 // 10 seconds

/**
 * How this server sends messages: it posts them as JSON to a webhook; without one, in development, it writes them into
 * the log. Undefined in production without one: then it cannot, and says so instead of losing them.
 */
export function createSendMail(
  webhook: URL | undefined,
  { isProduction, log }: Pick<AuthSetup, 'isProduction' | 'log'>,
): SendMail | undefined {
  if (webhook) {
    return mail =>
      postMail(webhook, mail).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        log.error(`A message could not be sent: ${reason}`)
      })
  }
  if (isProduction) return undefined
  return async ({ to, subject, text }) => log.info(`Mail to ${to}: ${subject} ${text}`)
}

async function postMail(webhook: URL, mail: Mail): Promise<void> {
  const response = await fetch(webhook, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(mail),
    redirect: 'error',
    signal: AbortSignal.timeout(webhookMilliseconds),
  })
  if (!response.ok) throw new Error(`The mail webhook answered ${response.status}; expected 2xx.`)
}
