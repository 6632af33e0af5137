/**
 * The reference gateway.
 *
 *   node reference-server/gateway/main.ts --variant optimized --port N [--host 127.0.0.1]
 *
 * Environment: MODEL_URL, KNOWLEDGE_URL, TLS_DIR (required), and those that config.ts has defaults for.
 *
 * Half of a start goes into reading and compiling some hundred modules, so that what was compiled is kept for the next
 * one in Node's own cache, a folder in the system's temporary one (NODE_COMPILE_CACHE names another,
 * NODE_DISABLE_COMPILE_CACHE=1 does without). Nothing else is loaded before it is there.
 */
import { enableCompileCache } from 'node:module'
import { runMain } from '../errors.ts'

const { directory } = enableCompileCache()
// Threads look here.
if (directory !== undefined) process.env.NODE_COMPILE_CACHE = directory
const { start } = await import('./start.ts')
await runMain(() => start(process.argv.slice(2), process.env))
