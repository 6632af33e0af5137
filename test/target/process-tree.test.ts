import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseStat } from '../../harness/target/process-tree.ts'
import { parseListeners } from '../../harness/target/sockets.ts'

const statOf = (command: string, state: string) =>
  `4711 (${command}) ${state} 12 34 56 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 11 0 987654 1000 50 18446744073709551615`

test('a process whose command holds brackets and spaces is read right', () => {
  const entry = { pid: 4711, parent: 12, group: 34, session: 56, startTime: 987654 }
  for (const command of ['node', 'a b', 'x) S 1 (y']) assert.deepEqual(parseStat(statOf(command, 'S')), entry)
})

test('a zombie is not a process', () => assert.equal(parseStat(statOf('node', 'Z')), null))

test('of a socket table only listening sockets are taken, of IPv4 and IPv6', () => {
  const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:4A37 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 114784 1 0000 100 0 0 10 0
   1: 0100007F:4A37 0100007F:D431 01 00000000:00000000 00:00000000 00000000     0        0 114785 1 0000 20 0 0 10 -1
   2: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 77 1 0000 100 0 0 10 0
`
  assert.deepEqual(parseListeners(table), [
    { port: 0x4a37, inode: '114784' },
    { port: 80, inode: '77' },
  ])
})
