import { RefractError } from '../../errors.ts'
import type { Model } from '../datamodel/model.ts'

export function badCursor(cursor: string): RefractError {
  return new RefractError(
    'BAD_USER_INPUT',
    `after: expected the cursor of an event; ${JSON.stringify(cursor.slice(0, 40))} came.`,
  )
}

export function cursorExpired(): RefractError {
  return new RefractError(
    'CURSOR_EXPIRED',
    'Changes after this cursor are no longer kept, so some could be missed. Read the rows anew and subscribe without `after`.',
  )
}

export function notRecorded({ plural }: Model): RefractError {
  return new RefractError(
    'CHANGES_NOT_RECORDED',
    `The database does not record changes of ${plural}. Its operator can see why with: refract changes status.`,
  )
}

export function tooSlow(): RefractError {
  return new RefractError(
    'SUBSCRIBER_TOO_SLOW',
    'Events came faster than they were taken. Nothing is lost: subscribe again with `after`, the cursor of the last event that came.',
  )
}
