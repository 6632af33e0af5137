import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserError } from '../harness/errors.ts'
import { assertPlaceholders, fillIn, fillInAll, fillInEnv } from '../harness/placeholders.ts'

const values = { port: '8080', 'services.stubs.tls': '9443', node: '/usr/bin/node' }

const cases: [text: string, filled: string][] = [
  ['{port}', '8080'],
  ['http://127.0.0.1:{port}/a?b={port}', 'http://127.0.0.1:8080/a?b=8080'],
  ['https://localhost:{services.stubs.tls}', 'https://localhost:9443'],
  ['nothing to fill', 'nothing to fill'],
  ['{"json": true}', '{"json": true}'],
  ['{}', '{}'],
  ['{ port }', '{ port }'],
  ['', ''],
]

for (const [text, filled] of cases) {
  test(`"${text}" becomes "${filled}"`, () => {
    assert.equal(fillIn(text, values, 'variant x'), filled)
  })
}

for (const name of ['prot', 'services.stubs', 'constructor', 'toString']) {
  test(`{${name}} is refused with the place, the text and those that exist`, () => {
    assert.throws(
      () => fillIn(`--at={${name}}`, values, 'variant x: command'),
      new UserError(
        `variant x: command: "{${name}}" in "--at={${name}}" is not known. It is one of: {port}, {services.stubs.tls}, {node}`,
      ),
    )
  })
}

test('A filled-in value is not filled in again', () => {
  assert.equal(fillIn('{a}', { a: '{b}', b: 'c' }, 'x'), '{b}')
})

test('A command keeps its order and count of arguments', () => {
  assert.deepEqual(fillInAll(['{node}', 'server.js', '--port', '{port}'], values, 'x'), [
    '/usr/bin/node',
    'server.js',
    '--port',
    '8080',
  ])
})

test('Of an environment the values are filled in, and an unknown one is named by its variable', () => {
  assert.deepEqual(fillInEnv({ PORT: '{port}', '{port}': 'kept' }, values, 'x'), { PORT: '8080', '{port}': 'kept' })
  assert.throws(
    () => fillInEnv({ A: '1', URL: '{prot}' }, values, 'service s'),
    /^UserError: service s: env\.URL: "\{prot\}"/,
  )
})

test('A placeholder that cannot be filled is refused before anything starts', () => {
  const server = { command: ['server', '{prot}'], env: {} }
  assert.throws(
    () => assertPlaceholders({ a: server }, {}),
    /variants\.a: "\{prot\}" in "\{prot\}" is not known\. It is one of: .*\{port\}/,
  )
  const stub = { command: ['stub', '{port}', '{ports.tls}'], env: {}, ports: ['tls'] }
  assert.doesNotThrow(() =>
    assertPlaceholders({ a: { command: ['s'], env: { URL: '{services.stub.tls}' } } }, { stub }),
  )
  const early = { command: ['x', '{services.stub.port}'], env: {}, ports: [] }
  assert.throws(() => assertPlaceholders({}, { early, stub }), /services\.early: "\{services\.stub\.port\}"/)
})
