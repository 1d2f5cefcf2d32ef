import type { ObjectRef } from '@pothos/core'
import { readAs } from '../compiled/read-mark.ts'
import type { Viewer } from '../policy/viewer.ts'
import { type EngineTypes, objectType, type SchemaBuild } from './builder.ts'

/** `Query.viewer`: whom the API takes the caller for. */
export function addViewerQuery(build: SchemaBuild): void {
  const type = viewerRef(build)
  build.builder.queryField('viewer', t =>
    t.field({
      type,
      extensions: readAs({ kind: 'viewer' }),
      description: 'Who asks.',
      resolve: (_root, _args, { refract }) => refract.viewer,
    }),
  )
}

function viewerRef(build: SchemaBuild): ObjectRef<EngineTypes, Viewer> {
  return objectType<Viewer>(build, 'Viewer', {
    description: 'Whom the API takes the caller for.',
    fields: t => ({
      id: t.id({
        nullable: true,
        description: 'The id of who has signed in; null where nobody has.',
        resolve: viewer => viewer.id,
      }),
      roles: t.stringList({
        description: 'What the viewer is in the whole application; empty where nobody has signed in.',
        resolve: viewer => [...viewer.roles],
      }),
      isAdministrator: t.boolean({
        description: 'Whether every policy is passed.',
        resolve: viewer => viewer.isAdministrator,
      }),
    }),
  })
}
