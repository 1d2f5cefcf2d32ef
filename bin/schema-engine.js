#!/usr/bin/env node
import { register } from 'tsx/esm/api'

register()
const { runSchemaEngine } = await import('../src/database/schema-engine/run-schema-engine.ts')
await runSchemaEngine(process.argv.slice(2))
