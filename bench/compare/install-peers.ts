import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { places } from './places.ts'
import { runCommand } from './run-command.ts'

/**
 * Installs what the benchmark alone needs, the first time and after a change. Where that cannot be done, it says so, and
 * the contenders that need it are left out.
 */
export async function installPeers(): Promise<void> {
  if (isInstalled()) return
  console.log('Installing PostGraphile and its Node in bench/peers …')
  // PostGraphile wants a newer Node than the one that installs it, and has one of its own.
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error', '--engine-strict=false']
  await runCommand('npm', flags, { directory: places.peers }).catch((error: Error) =>
    console.error(`They could not be installed, and are left out: ${error.message}`),
  )
}

/** Whether what npm wrote down of the last installation is as the lockfile says. */
function isInstalled(): boolean {
  const installed = join(places.peers, 'node_modules', '.package-lock.json')
  if (!existsSync(installed)) return false
  const [have, want] = [installed, join(places.peers, 'package-lock.json')].map(readPackages)
  return Object.entries(want ?? {}).every(
    ([path, { version, optional }]) =>
      // What is optional is not there where it is for other machines.
      path === '' || (optional && !have?.[path]) || have?.[path]?.version === version,
  )
}

type Packages = Readonly<Record<string, { readonly version?: string; readonly optional?: boolean }>>

function readPackages(file: string): Packages {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}
