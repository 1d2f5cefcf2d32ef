import {
  createDatamodel,
  type DatamodelDescription,
  type Recording,
  readRecording,
} from '../../engine/index.ts'
import { generateProject, openProject, readGeneratedDatamodel } from '../../project/index.ts'

/**
 * Which models of the project in `directory` have their changes recorded, and which have not; generates first, if the
 * schema has changed.
 *
 * @throws {StartError} where the schema does not parse or makes no API
 */
export async function readWantedRecording(directory: string): Promise<Recording> {
  const project = openProject(directory)
  await generateProject(project)
  return readRecording(createDatamodel(readGeneratedDatamodel(project) as DatamodelDescription))
}
