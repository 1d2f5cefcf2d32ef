import type { ChangeRequest } from './change-feed.ts'
import type { Interest } from './match-changes.ts'

/**
 * What a request may see and wants, at this moment: rules of a policy can look at more than the viewer.
 *
 * @throws RefractError BAD_USER_INPUT for a filter that no row could be compared with
 */
export type InterestOf = (request: Pick<ChangeRequest, 'viewer' | 'model' | 'filter'>) => Promise<Interest>
