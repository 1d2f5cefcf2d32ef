import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { places } from './places.ts'

/** A package with its installed version, as in "pg 8.23.1"; `folder` is where its node_modules is. */
export function describePackage(name: string, folder: string = places.root): string {
  const file = join(folder, 'node_modules', name, 'package.json')
  return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`
}
