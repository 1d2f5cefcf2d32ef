#!/usr/bin/env node
import { register } from 'tsx/esm/api'

register()
const { runDatamodelGenerator } = await import('../src/engine/datamodel/generator.ts')
runDatamodelGenerator()
