/** A generator of the engine `autocannon`. */

import { serveLoads } from '../sessions/generator/serve-loads.ts'
import { ClosedLoop } from './closed-loop.ts'

serveLoads((job, events) => ClosedLoop.prepare(job, events))
