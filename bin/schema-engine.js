#!/usr/bin/env node
import { registerTypeScript } from '../src/lib/typescript/register.js'

registerTypeScript()
const { runSchemaEngine } = await import('../src/database/schema-engine/run-schema-engine.ts')
await runSchemaEngine(process.argv.slice(2), {
  // Loads Prisma's parser, which most commands do without.
  readWantedRecording: async () => {
    const { readWantedRecording } = await import('../src/cli/changes/wanted-recording.ts')
    return readWantedRecording(process.env.REFRACT_PROJECT ?? process.cwd())
  },
})
