import type { Plugin } from 'graphql-yoga'
import { RefractError } from '../../errors.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import type { ResolvedOptions } from '../options.ts'

/** Answers every operation with FORBIDDEN while nobody has access. */
export function useAccess({
  access,
  accessSetting,
}: Pick<ResolvedOptions, 'access' | 'accessSetting'>): Plugin<object, ServerContext> {
  if (access === 'everyone') {
    return {}
  }
  return {
    onRequestParse() {
      throw new RefractError(
        'FORBIDDEN',
        `This API is closed: in production nobody may use it until its operator says who. To open it, set ${accessSetting}.`,
      )
    },
  }
}
