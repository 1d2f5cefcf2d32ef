import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Called with what has to be done at the end: Vitest's `onTestFinished`, or `afterAll` for what tests share. */
export type CleanUp = (end: () => void | Promise<void>) => void

/** Makes a folder, outside of this repository, with the files given, and removes it when the test is over. */
export function createProjectFolder(
  files: Readonly<Record<string, string>>,
  {
    name = 'refract-project-',
    cleanUp = onTestFinished,
  }: { readonly name?: string; readonly cleanUp?: CleanUp } = {},
): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), name))
  cleanUp(() => rmSync(folder, { recursive: true, force: true }))
  writeProjectFiles(folder, files)
  return folder
}

/** Writes files into a project folder. */
export function writeProjectFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

/** The least that a schema needs before its models. */
export const datasource = 'datasource db {\n  provider = "postgresql"\n}\n'
