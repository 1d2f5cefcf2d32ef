import { createDatamodel, type Recording, readRecording } from '../../engine/index.ts'
import { openProject, readDescription } from '../../project/index.ts'

/**
 * Which models of the project in `directory` have their changes recorded, and which have not, by its schema as it is now.
 *
 * @throws {StartError} where the schema does not parse or makes no API
 */
export async function readWantedRecording(directory: string): Promise<Recording> {
  return readRecording(createDatamodel(readDescription(openProject(directory))))
}
