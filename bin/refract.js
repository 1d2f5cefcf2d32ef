#!/usr/bin/env node
import module from 'node:module'
import { register } from 'tsx/esm/api'

// Since Node 22: compiled code is kept for the next start.
module.enableCompileCache?.()
register()
const { main } = await import('../src/main.ts')
await main(process.argv.slice(2))
