import { createDatamodel } from '../../engine/datamodel/create-datamodel.ts'
import { type Recording, readRecording } from '../../engine/datamodel/recorded-models.ts'
import { openProject, readDescription } from '../../project/index.ts'

/**
 * Which models of the project in `directory` have their changes recorded, and which have not, by its schema as it is now.
 * Loads no more of the engine than it needs, since each command of the Prisma CLI that asks is a process of its own.
 *
 * @throws {StartError} where the schema does not parse or makes no API
 */
export async function readWantedRecording(directory: string): Promise<Recording> {
  return readRecording(createDatamodel(readDescription(openProject(directory))))
}
