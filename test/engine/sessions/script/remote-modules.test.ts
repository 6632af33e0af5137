import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { selfSigned } from '../../../support/certificate.ts'
import { compileText, run } from './fake.ts'

const modules: Record<string, string> = {
  '/lib/index.js': `import { one } from './one.js'; import two from '/two.js'; export const sum = one + two`,
  '/lib/one.js': `export const one = 1`,
  '/two.js': `import http from 'k6/http'; export default 2; export const ask = () => http.get('x')`,
  '/old.js': `exports.seven = 7`,
  '/typed.ts': `export const typed: number = 3`,
  '/broken.js': `export const = 3`,
  '/lost.js': `import './nowhere.js'`,
}

const asked: string[] = []
let base = ''
let closeServer = (): void => {}

before(async () => {
  const certificate = await selfSigned('127.0.0.1')
  const file = join(tmpdir(), `weir-remote-${process.pid}.pem`)
  writeFileSync(file, certificate.cert)
  process.env.SSL_CERT_FILE = file
  const server = createServer(certificate, (request, response) => {
    asked.push(request.url!)
    const { pathname, search } = new URL(request.url!, base)
    if (pathname === '/moved.js') response.writeHead(302, { location: '/two.js' }).end()
    else if (pathname === '/packed.js')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('export const packed = 9'))
    else if (pathname === '/plain.js') response.writeHead(search === '' ? 200 : 400).end('export const plain = 8')
    else if (pathname === '/ill.js') response.writeHead(503).end()
    else response.writeHead(pathname in modules ? 200 : 404).end(modules[pathname])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  closeServer = () => {
    server.close()
    server.closeAllConnections()
    rmSync(file)
    delete process.env.SSL_CERT_FILE
  }
})
after(() => closeServer())

const compile = (t: { after(cleanUp: () => void): void }, text: string) => compileText(t, text.replaceAll('BASE', base))

test('a module is imported by its address, with what it imports beside it and from the root', async (t) => {
  asked.length = 0
  const script = await compile(t, `import { sum } from 'BASE/lib/index.js'; export default () => { throw sum }`)
  assert.deepEqual(await run(script), ['threw 3'])
  assert.deepEqual(asked.sort(), ['/lib/index.js?_k6=1', '/lib/one.js?_k6=1', '/two.js?_k6=1'])
})

test('a blocking call of a module from the network waits like any other', async (t) => {
  const script = await compile(t, `import { ask } from 'BASE/two.js'; export default () => { ask(); throw 'after' }`)
  assert.deepEqual((await run(script)).slice(-2), ['get done x', 'threw after'])
})

const given: Record<string, [text: string, said: string]> = {
  'a CommonJS module': [`import old from 'BASE/old.js'; export default () => { throw old.seven }`, 'threw 7'],
  'one with types': [`import { typed } from 'BASE/typed.ts'; export default () => { throw typed }`, 'threw 3'],
  'one that moved': [`import two from 'BASE/moved.js'; export default () => { throw two }`, 'threw 2'],
  'one that comes packed': [
    `import { packed } from 'BASE/packed.js'; export default () => { throw packed }`,
    'threw 9',
  ],
  "one of a server that does not know k6's mark": [
    `import { plain } from 'BASE/plain.js'; export default () => { throw plain }`,
    'threw 8',
  ],
}

for (const [what, [text, said]] of Object.entries(given)) {
  test(`${what} is imported by its address`, async (t) => {
    assert.deepEqual(await run(await compile(t, text)), [said])
  })
}

const refused: Record<string, [text: string, says: RegExp]> = {
  'one that there is not': [`import 'BASE/none.js'`, /:1:8: import of "https:.*none\.js": .*not found: https:.*none\.js\. Check the address/],
  'one that the server cannot give': [`import 'BASE/ill.js'`, /wrong status code \(503\) for: https:.*ill\.js\. /],
  'one whose own import there is not': [`import 'BASE/lost.js'`, /^https:\S*lost\.js:1:8: .*not found: https:.*nowhere\.js\. /],
  'one that does not parse': [`import 'BASE/broken.js'`, /^https:\S*broken\.js:1:14: the script does not parse/],
  'one over http': [`import 'http://127.0.0.1/a.js'`, /only supported schemes for imports are file and https$/],
} // biome-ignore format: one row a case

for (const [what, [text, says]] of Object.entries(refused)) {
  test(`${what} is told with its place`, async (t) => {
    await assert.rejects(compile(t, text), { name: 'UserError', message: says })
  })
}

test('a server that nobody vouches for is not asked', async (t) => {
  const file = process.env.SSL_CERT_FILE!
  delete process.env.SSL_CERT_FILE
  asked.length = 0
  await assert.rejects(compile(t, `import 'BASE/two.js'`), /it could not be retrieved: Get ".*self-signed certificate/)
  process.env.SSL_CERT_FILE = file
  assert.deepEqual(asked, [])
})
