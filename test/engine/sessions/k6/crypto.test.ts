import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runScript } from './run-script.ts'

const prelude = `import encoding from 'k6/encoding'
import k6crypto from 'k6/crypto'
const hex = (b) => [...new Uint8Array(b)].map((n) => n.toString(16).padStart(2, '0')).join('')
const attempt = (f) => { try { console.log(String(f())) } catch (e) { console.log(e.name + ': ' + e.message) } }`

const saidBy = async (t: Parameters<typeof runScript>[0], body: string): Promise<string[]> => {
  const { said, errors } = await runScript(t, `${prelude}\nexport default async function () {\n${body}\n}`)
  assert.deepEqual(errors, [])
  return said
}

// What real k6 printed for the same calls.
const digests = {
  md4: 'ccde86d42234617e3ce2c433cfd02c8c',
  md5: 'be50e8478cf24ff3595bc7307fb91b50',
  sha1: '35b5ea45c5e41f78b46a937cc74d41dfea920890',
  sha256: '3c48591d8d098a4538f5e013dfcf406e948eac4d3277b10bf614e295d6068179',
  sha512_224: '2b508b59e1d99e3eeb6ebdfff3fb5ce698f72266254db96b80786b96',
  sha512_256: 'e85510cc4c72bb7889359626546beff905dcc4bf860796fde87f5a19f81e6c13',
  ripemd160: '041e270eda59c3368da0f8750eb47b41b24c2964',
}

const keyed = {
  md4: 'c2652d1b2872572984742fe9fcfa2a56',
  md5: '9d5c73ef85594d34ec4438b7c97e51d8',
  sha256: '5031fe3d989c6d1537a013fa6e739da23463fdaec3b70137d828e36ace221bd0',
  sha512_224: '8b6657a9d03419b965477ba8149782c7d8e58ac4c79a9646e191c1d5',
}

describe('module k6/crypto', () => {
  it('has the hashes of k6 and their keyed forms', async (t) => {
    const said = await saidBy(
      t,
      `for (const name of ${JSON.stringify(Object.keys(digests))}) console.log(k6crypto[name]('héllo', 'hex'))
       for (const name of ${JSON.stringify(Object.keys(keyed))}) console.log(k6crypto.hmac(name, 'key', 'data', 'hex'))
       console.log(k6crypto.sha384('', 'hex').length, k6crypto.sha512('', 'hex').length)`,
    )
    assert.deepEqual(said, [...Object.values(digests), ...Object.values(keyed), '96 128'])
  })

  it('hashes piece by piece, told as often as asked, of text and of bytes', async (t) => {
    const said = await saidBy(
      t,
      `for (const h of [k6crypto.createHash('md4'), k6crypto.createHash('md5'), k6crypto.createHMAC('md5', 'key')]) {
         console.log(h.update('hé'))
         const half = h.digest('hex')
         h.update(new Uint8Array([1, 2]).buffer)
         console.log(h.digest('hex') + (half === h.digest('hex')) + (h.digest('hex') === h.digest('hex')))
       }`,
    )
    assert.deepEqual(said, [
      'undefined',
      '828fe7028e57b3d561ea0d7070357a76falsetrue',
      'undefined',
      'faa8d062ddfc1235ac0b7d1fa0b4a1cbfalsetrue',
      'undefined',
      said[5],
    ])
    assert.match(said[5]!, /^[0-9a-f]{32}falsetrue$/)
  })

  it('writes a hash in five ways and refuses what is none of them', async (t) => {
    const said = await saidBy(
      t,
      `for (const way of ['base64', 'base64url', 'base64rawurl']) console.log(k6crypto.md5('héllo', way))
       console.log(hex(k6crypto.md5('héllo', 'binary')))
       attempt(() => k6crypto.md5('x'))
       attempt(() => k6crypto.md5(1, 'hex'))
       attempt(() => k6crypto.hmac('foo', 'k', 'd', 'hex'))
       attempt(() => k6crypto.createHash('md5').update([1]))
       attempt(() => k6crypto.hexEncode(new Uint8Array([1, 255])))
       attempt(() => k6crypto.randomBytes(5).byteLength)
       attempt(() => k6crypto.randomBytes(0))`,
    )
    assert.deepEqual(said, [
      'vlDoR4zyT/NZW8cwf7kbUA==',
      'vlDoR4zyT_NZW8cwf7kbUA==',
      'vlDoR4zyT_NZW8cwf7kbUA',
      digests.md5,
      'GoError: invalid output encoding: ',
      'GoError: md5 failed: invalid type int64, expected string, []byte or ArrayBuffer',
      'GoError: invalid algorithm: foo',
      'GoError: invalid type []interface {}, expected string, []byte or ArrayBuffer',
      '01ff',
      '5',
      'GoError: invalid size',
    ])
  })
})

describe('module k6/encoding', () => {
  it('encodes and decodes with each alphabet, padded or not', async (t) => {
    const said = await saidBy(
      t,
      `for (const name of ['std', 'rawstd', 'url', 'rawurl', 'no such', undefined]) {
         const text = encoding.b64encode('héllo?>>~~', name)
         console.log(text + ' ' + (encoding.b64decode(text, name, 's') === 'héllo?>>~~') + hex(encoding.b64decode(text, name)).length)
       }`,
    )
    const padded = 'aMOpbGxvPz4+fn4='
    assert.deepEqual(
      said.map((line) => line.split(' ')[0]),
      [padded, padded.slice(0, -1), 'aMOpbGxvPz4-fn4=', 'aMOpbGxvPz4-fn4', padded, padded],
    )
    assert.deepEqual([...new Set(said.map((line) => line.split(' ')[1]))], ['true22'])
  })

  // [text, encoding, what k6 said]
  const strict: [string, string, string][] = [
    ['@@@', 'std', 'at 0'],
    ['YQ', 'std', 'at 0'],
    ['YQ', 'rawstd', 'a'],
    ['YQ==', 'rawstd', 'at 2'],
    ['YQ\n==', 'std', 'a'],
    ['YQ\n==', 'rawurl', 'at 3'],
    ['YWE=', 'rawstd', 'at 3'],
    ['-_-_', 'std', 'at 0'],
    ['YR==', 'std', 'a'],
    ['YQ==YQ==', 'std', 'at 4'],
    ['YQ=', 'std', 'at 3'],
    ['YQ=a', 'std', 'at 2'],
    ['Y===', 'std', 'at 1'],
    ['Y', 'rawstd', 'at 0'],
    ['YWFh\r\nYWFh', 'std', 'aaaaaa'],
  ]
  it('is as strict as k6 and names the same byte', async (t) => {
    const said = await saidBy(
      t,
      `for (const [text, name] of ${JSON.stringify(strict)}) attempt(() => encoding.b64decode(text, name, 's'))`,
    )
    const expected = strict.map(([, , outcome]) =>
      outcome.replace(/^at /, 'GoError: illegal base64 data at input byte '),
    )
    assert.deepEqual(said, expected)
  })
})

describe('global crypto', () => {
  it('signs, digests, derives and encrypts', async (t) => {
    const said = await saidBy(
      t,
      `const bytes = new Uint8Array([1, 2, 3])
       console.log(hex(await crypto.subtle.digest('sha-256', new Uint8Array([104, 105]))))
       const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify'])
       const mac = await crypto.subtle.sign('HMAC', key, bytes)
       console.log(await crypto.subtle.verify('HMAC', key, mac, bytes))
       const aes = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt'])
       const iv = crypto.getRandomValues(new Uint8Array(12))
       const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, aes, bytes)
       console.log(hex(await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, aes, sealed)) + crypto.randomUUID().length)`,
    )
    assert.deepEqual(said, ['8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4', 'true', '01020336'])
  })

  it('has no more algorithms than k6, and of other globals only those for texts', async (t) => {
    const said = await saidBy(
      t,
      `for (const make of [() => crypto.subtle.digest('MD5', new Uint8Array(1)), () => crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign'])])
         await make().catch((e) => console.log(e.name + ' ' + e.message))
       attempt(() => crypto.getRandomValues(new Float32Array(1)))
       console.log([typeof TextEncoder, typeof TextDecoder, typeof atob, typeof btoa, typeof URL, typeof structuredClone, typeof fetch].join())`,
    )
    assert.deepEqual(said, [
      `NotSupportedError algorithm "MD5" doesn't support (in implementation) operation "digest"`,
      `NotSupportedError algorithm "ED25519" doesn't support (in implementation) operation "generateKey"`,
      "GoError: TypeMismatchError: typedArray parameter isn't a TypedArray instance",
      'function,function,undefined,undefined,undefined,undefined,undefined',
    ])
  })

  it('keeps the iteration going until an operation that nobody waits for has called back', async (t) => {
    const { said } = await runScript(
      t,
      `export default function () {
        crypto.subtle.digest('SHA-1', new Uint8Array(1)).then(() => setTimeout(() => console.log('last'), 1))
      }`,
    )
    assert.deepEqual(said, ['last'])
  })
})
