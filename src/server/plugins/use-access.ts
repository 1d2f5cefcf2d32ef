import type { Plugin } from 'graphql-yoga'
import { RefractError } from '../../errors.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import type { ResolvedOptions } from '../options.ts'

/** Answers every operation with FORBIDDEN while nobody but administrators has access. */
export function useAccess({
  access,
  accessSetting,
}: Pick<ResolvedOptions, 'access' | 'accessSetting'>): Plugin<object, ServerContext> {
  if (access === 'everyone') {
    return {}
  }
  return {
    async onRequestParse({ serverContext }) {
      const viewer = await serverContext.identity
      if (viewer.isAdministrator) return
      throw new RefractError(
        'FORBIDDEN',
        `This API is closed: it has no policies that say who may use it. Its operator can write some, or set ${accessSetting}.`,
      )
    },
  }
}
