#!/usr/bin/env node
import module from 'node:module'
import { registerTypeScript } from '../src/lib/typescript/register.js'

// Since Node 22: compiled code is kept for the next start.
module.enableCompileCache?.()
registerTypeScript()
const { main } = await import('../src/main.ts')
await main(process.argv.slice(2))
