import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseProcessCpu } from '../../harness/target/thread-counters.ts'

test('CPU and start of a process are read right whatever its command holds, and also when it waits to be reaped', () => {
  for (const command of ['node', 'a b', 'x) S 1 (y', ') R 9 9 9 9 9 9 9 9 9 9 99 99 ('])
    for (const state of ['S', 'Z']) {
      const stat = `4711 (${command}) ${state} 12 34 56 0 -1 4194560 1 2 3 4 150 25 70 80 20 0 11 0 987654 1000 50 0\n`
      // 150 ticks of 10 ms in user mode and 25 in the kernel; the 70 and 80 are of children that were waited for.
      assert.deepEqual(parseProcessCpu(stat), { startTime: 987654, cpuNs: 1.75e9 })
    }
})
