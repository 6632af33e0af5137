/** The oracle's process: it is told its plan over the channel to its parent, hands over its log, and ends with it. */
import type { AddressInfo } from 'node:net'
import { cpuWaitMs } from './cpu-wait.ts'
import type { OracleLog } from './log.ts'
import type { OraclePlan } from './plan.ts'
import { Oracle } from './server.ts'

/** Parent to oracle. */
export type OracleOrder = { type: 'begin'; plan: OraclePlan } | { type: 'log' }

/** Oracle to parent; every order is answered once. */
export type OracleReport = { type: 'listening'; port: number } | { type: 'begun' } | { type: 'log'; log: OracleLog }

const oracle = new Oracle()
let waitedBeforeMs = 0

const tell = (report: OracleReport): void => {
  process.send?.(report)
}

process.on('message', (order: OracleOrder) => {
  if (order.type === 'begin') {
    oracle.begin(order.plan)
    waitedBeforeMs = cpuWaitMs('self')
    tell({ type: 'begun' })
  } else {
    tell({ type: 'log', log: { entries: oracle.log(), cpuWaitMs: cpuWaitMs('self') - waitedBeforeMs } })
  }
})
process.on('disconnect', () => process.exit(0))

oracle.server.listen(0, '127.0.0.1', 4096, () =>
  tell({ type: 'listening', port: (oracle.server.address() as AddressInfo).port }),
)
