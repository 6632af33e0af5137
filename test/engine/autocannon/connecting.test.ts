import assert from 'node:assert/strict'
import { test } from 'node:test'
import { missingInWords, usualConnectingMs } from '../../../harness/engine/autocannon/connecting.ts'

test('Connecting is given the longer the more connections there are, and longer with TLS', () => {
  const plain = [1, 200, 201, 1000].map((count) => usualConnectingMs(count, 'http://h'))
  assert.deepEqual(plain, [100, 100, 200, 500])
  assert.equal(usualConnectingMs(1000, 'https://h'), 5000)
})

test('Connections that are missing are told as ranges, of which there are few', () => {
  assert.match(
    missingInWords([0, 5, 6, 7], 500),
    /^4 connections \(0, 5 to 7\) were not open 0\.5 s after the start, .*connecting: '1s'/,
  )
  assert.match(missingInWords([0, 2, 4, 6, 8, 10], 5000), /\(0, 2, 4, 6, 8, and others\).*connecting: '10s'/)
})
