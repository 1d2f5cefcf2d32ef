import type { Datamodel, Model } from '../datamodel/model.ts'
import { createFullAccess, createModelAccess, type ModelAccess } from './model-access.ts'
import type { PolicySet } from './policy-set.ts'
import type { Viewer } from './viewer.ts'

/** What a viewer may do, model by model; made for one request. */
export interface ViewerAccess {
  readonly viewer: Viewer
  /** No policy is asked. */
  readonly isFull: boolean
  /** All models, those that the API does not have among them. */
  readonly datamodel: Datamodel
  of(model: Model): ModelAccess
}

/** The access of a viewer under the policies; all of it for an administrator. */
export function createViewerAccess(policies: PolicySet, viewer: Viewer): ViewerAccess {
  const byModel = new Map<Model, ModelAccess>()
  const { datamodel } = policies
  // a policy may look at columns that the API does not have
  const create = viewer.isAdministrator
    ? createFullAccess
    : ({ name }: Model) => createModelAccess(datamodel, datamodel.model(name), policies.of(name), viewer)
  return {
    viewer,
    datamodel,
    isFull: viewer.isAdministrator,
    of: model => {
      const known = byModel.get(model)
      if (known) return known
      const access = create(model)
      byModel.set(model, access)
      return access
    },
  }
}
