/** A generator of the engine `sessions`. */

import { LoadTest } from '../load-test/load-test.ts'
import { serveLoads } from './serve-loads.ts'

serveLoads((job, events) => LoadTest.prepare(job, events))
