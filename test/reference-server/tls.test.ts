import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { makeCertificates } from '../../reference-server/certificates.ts'
import { ensureCertificates, readAuthority } from '../../reference-server/tls.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('The first start makes a P-256 certificate for localhost and 127.0.0.1, signed by the authority beside it', async () => {
  const made = await ensureCertificates(folder)
  const certificate = new X509Certificate(made.certificate)
  assert.equal(certificate.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1')
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1')
  assert.equal(certificate.verify(new X509Certificate(await readAuthority(folder)).publicKey), true)
  assert.deepEqual((await readdir(folder)).sort(), ['ca.pem', 'server.pem'])
  assert.equal((await stat(join(folder, 'server.pem'))).mode & 0o777, 0o600)
})

it('A later start reuses the certificate', async () => {
  const first = await ensureCertificates(folder)
  assert.deepEqual(await ensureCertificates(folder), first)
})

it('Processes that start at once end up with the same certificate', async () => {
  const made = await Promise.all([1, 2, 3].map(() => ensureCertificates(folder)))
  assert.deepEqual(made[1], made[0])
  assert.deepEqual(made[2], made[0])
  assert.equal(await readAuthority(folder), made[0]!.ca)
})

for (const [title, contents] of [
  [
    'expires within a day',
    async () =>
      Object.values(await makeCertificates(0.5))
        .toReversed()
        .join(''),
  ],
  ['is cut short', async () => '-----BEGIN PRIVATE KEY-----\n'],
] as const) {
  it(`A certificate that ${title} is made anew`, async () => {
    const old = await contents()
    await writeFile(join(folder, 'server.pem'), old)
    const made = await ensureCertificates(folder)
    assert.ok(new X509Certificate(made.certificate).validToDate.getTime() > Date.now() + 300 * 86_400_000)
    assert.equal(await readFile(join(folder, 'server.pem'), 'utf8'), made.key + made.certificate + made.ca)
  })
}
