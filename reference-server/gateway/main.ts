/**
 * The reference gateway.
 *
 *   node --max-semi-space-size=8 reference-server/gateway/main.ts --variant optimized --port N [--host 127.0.0.1]
 *
 * A young generation of at most 8 MB a half instead of the 16 or 32 that Node takes: a turn streams for longer than any of them
 * takes to fill, so that what a turn holds is copied in any case, and the pause in which that is done grows with the size: up to
 * 35 ms. With 4 MB a turn that does not stream is copied too, which costs a quarter of the turns a second.
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
