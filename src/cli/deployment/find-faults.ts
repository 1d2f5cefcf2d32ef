import { accessRules } from './access-rules.ts'
import { databaseRules } from './database-rules.ts'
import type { Deployment, DeploymentFault } from './deployment.ts'
import { exposureRules } from './exposure-rules.ts'
import { limitRules } from './limit-rules.ts'
import { secretRules } from './secret-rules.ts'

export const deploymentRules = [
  ...accessRules,
  ...secretRules,
  ...exposureRules,
  ...limitRules,
  ...databaseRules,
]

export interface NamedFault extends DeploymentFault {
  readonly rule: string
}

/** What is unsafe about a deployment, then what may be. */
export function findDeploymentFaults(deployment: Deployment): readonly NamedFault[] {
  const faults = deploymentRules.flatMap(({ name, find }) => {
    const fault = find(deployment)
    return fault ? [{ rule: name, ...fault }] : []
  })
  return [
    ...faults.filter(({ level }) => level === 'error'),
    ...faults.filter(({ level }) => level === 'warning'),
  ]
}
