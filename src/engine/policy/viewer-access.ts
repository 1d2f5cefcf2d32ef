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
  return new PolicyAccess(policies, viewer)
}

/** A class, since its functions are made once and not for each request. */
class PolicyAccess implements ViewerAccess {
  readonly viewer: Viewer
  readonly isFull: boolean
  readonly datamodel: Datamodel
  readonly #policies: PolicySet
  readonly #byModel = new Map<Model, ModelAccess>()

  constructor(policies: PolicySet, viewer: Viewer) {
    this.viewer = viewer
    this.isFull = viewer.isAdministrator
    this.datamodel = policies.datamodel
    this.#policies = policies
  }

  of(model: Model): ModelAccess {
    if (this.isFull) return createFullAccess(model)
    const known = this.#byModel.get(model)
    if (known) return known
    // a policy may look at columns that the API does not have
    const whole = this.datamodel.model(model.name)
    const access = createModelAccess(this.datamodel, whole, this.#policies.of(model.name), this.viewer)
    this.#byModel.set(model, access)
    return access
  }
}
