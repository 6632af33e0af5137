import { autocannon } from './autocannon.ts'
import { hey } from './hey.ts'
import { k6 } from './k6.ts'
import type { Peer } from './port.ts'
import { wrk } from './wrk.ts'

/** Tools that can be measured beside weir, in the order of the table. */
export const peers: readonly Peer[] = [k6, autocannon, wrk, hey]
