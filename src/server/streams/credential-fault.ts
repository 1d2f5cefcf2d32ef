import type { CredentialEnd } from '../../auth/index.ts'
import { RefractError } from '../../errors.ts'

/** What a client is told whose connection ends with its credentials. */
export interface CredentialFault {
  readonly error: RefractError
  /** The code that a socket is closed with. Clients come back by themselves after all but 4401. */
  readonly closeCode: 4401 | 4403 | 1013
}

export function credentialFault(end: CredentialEnd): CredentialFault {
  switch (end) {
    case 'ended':
      return fault(4401, 'UNAUTHENTICATED', 'The session or key of this connection has ended. Sign in again.')
    case 'expired':
      return fault(
        4403,
        'UNAUTHENTICATED',
        'The token of this connection has expired. Connect with a new one.',
      )
    case 'changed':
      return fault(4403, 'UNAUTHENTICATED', 'The rights of this connection have changed. Connect again.')
    case 'unconfirmed':
      return fault(1013, 'UNAVAILABLE', 'The credentials have to be shown once more. Connect again.')
  }
}

function fault(
  closeCode: CredentialFault['closeCode'],
  code: 'UNAUTHENTICATED' | 'UNAVAILABLE',
  message: string,
): CredentialFault {
  return { closeCode, error: new RefractError(code, message) }
}
