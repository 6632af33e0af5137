import assert from 'node:assert/strict'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { before, describe, it, type TestContext } from 'node:test'
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls'
import type { Raw } from '../../../../harness/engine/sessions/options/values.ts'
import { selfSigned } from '../../../support/certificate.ts'
import { answer, Client } from './http-support.ts'

let own: { cert: string; key: string }
let strange: { cert: string; key: string }
before(async () => {
  own = await selfSigned('127.0.0.1')
  strange = await selfSigned('elsewhere.example')
})

/** Answers each request with what `say` makes of its connection. */
async function tlsServer(t: TestContext, options: TlsOptions, say: (socket: TLSSocket) => string = () => 'x') {
  const sockets: TLSSocket[] = []
  const server = createServer(options, (socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', () => socket.write(answer(say(socket))))
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`, sockets }
}

const trusting = (options: Raw = {}): Raw => ({ insecureSkipTLSVerify: true, ...options })

describe('TLS', () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`takes the session of a user up again on its next connection, and gives it to no other user (${version})`, async (t) => {
      const isReused = (socket: TLSSocket): string => String(socket.isSessionReused())
      const server = await tlsServer(t, { ...own, minVersion: version, maxVersion: version }, isReused)
      const user = new Client(t, trusting({ noConnectionReuse: true }))
      const bodies = []
      for (let request = 0; request < 3; request++) bodies.push((await user.ask(server.url)).responseText)
      assert.deepEqual(bodies, ['false', 'true', 'true'])
      assert.equal((await new Client(t, trusting()).ask(server.url)).responseText, 'false')
    })
  }

  it('takes the session up again after the server has closed the connection', async (t) => {
    const server = await tlsServer(t, own, (socket) => String(socket.isSessionReused()))
    const user = new Client(t, trusting())
    await user.ask(server.url)
    await new Promise<void>((resolve) => server.sockets[0]!.once('close', resolve).end())
    assert.equal((await user.ask(server.url)).responseText, 'true')
  })

  it('does not trust a session that was taken up again more than the one before', async (t) => {
    const server = await tlsServer(t, own)
    const user = new Client(t)
    for (let request = 0; request < 3; request++)
      assert.deepEqual((await user.ask(server.url)).failure, { message: 'x509: unknown authority', code: 1310 })
  })

  it('names a wrong host before an unknown authority, as k6 does', async (t) => {
    const server = await tlsServer(t, strange)
    assert.deepEqual((await new Client(t).ask(server.url)).failure, {
      message: "x509: certificate doesn't match hostname",
      code: 1311,
    })
  })

  it('offers the server name of the URL, wherever hosts leads', async (t) => {
    const server = await tlsServer(t, strange, (socket) => String(socket.servername))
    const { port } = new URL(server.url)
    const user = new Client(t, trusting({ hosts: { 'named.test': `127.0.0.1:${port}` } }))
    assert.equal((await user.ask('https://named.test/')).responseText, 'named.test')
    assert.equal((await user.ask(server.url)).responseText, 'false')
  })

  it('shows a certificate to who asks: the one for the host, else the first', async (t) => {
    const subject = (socket: TLSSocket): string => String(socket.getPeerCertificate().subject?.CN)
    const server = await tlsServer(t, { ...own, requestCert: true, rejectUnauthorized: false }, subject)
    const { port } = new URL(server.url)
    const hosts = { 'a.named.test': `127.0.0.1:${port}` }
    const tlsAuth = [own, { ...strange, domains: ['*.named.test'] }]
    const user = new Client(t, trusting({ tlsAuth, hosts }))
    assert.equal((await user.ask(server.url)).responseText, '127.0.0.1')
    assert.equal((await user.ask('https://a.named.test/')).responseText, 'elsewhere.example')
  })

  it('keeps to the versions and suites that the options name', async (t) => {
    const protocol = (socket: TLSSocket): string => `${socket.getProtocol()} ${socket.getCipher().standardName}`
    const server = await tlsServer(t, own, protocol)
    const old = new Client(
      t,
      trusting({ tlsVersion: 'tls1.2', tlsCipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'] }),
    )
    assert.equal((await old.ask(server.url)).responseText, 'TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384')
    const recent = new Client(t, trusting({ tlsVersion: { min: 'tls1.3', max: 'tls1.3' } }))
    assert.match((await recent.ask(server.url)).responseText, /^TLSv1\.3 /)
  })

  for (const [title, server, options, message] of [
    ['a version', { minVersion: 'TLSv1.3' }, { tlsVersion: 'tls1.2' }, 'protocol version not supported'],
    ['a certificate', { requestCert: true, rejectUnauthorized: true }, {}, 'certificate required'],
    ['a suite', { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' }, { tlsCipherSuites: ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'] }, 'handshake failure'],
  ] as [string, TlsOptions, Raw, string][]) {
    it(`fails with k6's code where the server wants ${title} that the user has not`, async (t) => {
      const { url } = await tlsServer(t, { ...own, ...server })
      const { failure } = await new Client(t, trusting(options)).ask(url)
      assert.deepEqual(failure, { message: `remote error: tls: ${message}`, code: 1010 })
    })
  } // biome-ignore format: one row a case

  for (const [title, rudely, failure] of [
    ['closes', 'end', { message: 'EOF', code: 1000 }],
    ['resets', 'resetAndDestroy', { message: 'read: connection reset by peer', code: 1220 }],
  ] as const) {
    it(`fails with k6's code where the server ${title} within the handshake`, async (t) => {
      const server = createTcpServer((socket) => {
        socket.on('error', () => {})
        socket.once('data', () => socket[rudely]())
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      t.after(() => server.close())
      const { port } = server.address() as AddressInfo
      assert.deepEqual((await new Client(t).ask(`https://127.0.0.1:${port}/`)).failure, failure)
    })
  }
})
