import { RefractError } from '../../errors.ts'
import type { ResolvedOptions } from '../options.ts'
import type { OperationPlugin } from './operation-plugin.ts'

/** Answers every operation with FORBIDDEN while nobody but administrators has access. */
export function useAccess({
  access,
  accessSetting,
}: Pick<ResolvedOptions, 'access' | 'accessSetting'>): OperationPlugin {
  if (access === 'everyone') {
    return {}
  }
  return {
    beforeOperation(_context, { viewer }) {
      if (viewer.isAdministrator) return
      throw new RefractError(
        'FORBIDDEN',
        `This API is closed: it has no policies that say who may use it. Its operator can write some, or set ${accessSetting}.`,
      )
    },
  }
}
