import { spawn } from 'node:child_process'

export interface CommandOptions {
  readonly directory?: string
  readonly environment?: Readonly<Record<string, string>>
}

/** Runs a program to its end and resolves with what it printed; throws with all of it where the exit code is not 0. */
export function runCommand(
  program: string,
  programArguments: readonly string[],
  { directory, environment }: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, programArguments, {
      cwd: directory,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      output += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      output += text
    })
    child.on('error', reject)
    child.on('close', code => {
      if (code === 0) resolve(output)
      else reject(new Error(`${program} ${programArguments.join(' ')} ended with ${code}:\n${output}`))
    })
  })
}
