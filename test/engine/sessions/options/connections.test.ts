import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readConnectRules } from '../../../../harness/engine/sessions/options/connections.ts'
import type { Raw } from '../../../../harness/engine/sessions/options/values.ts'
import { UserError } from '../../../../harness/errors.ts'

describe('options about connections', () => {
  for (const [options, says] of [
    [{ hosts: { a: 'nonsense' } }, /options\.hosts: "a" leads to "nonsense"; expected an address/],
    [{ hosts: { a: '127.0.0.1:99999' } }, /options\.hosts: "a" leads to/],
    [{ hosts: { 'a b': '127.0.0.1' } }, /invalid host pattern 'a b'/],
    [{ hosts: ['a'] }, /options\.hosts: expected an object/],
    [{ blockHostnames: ['a b'] }, /invalid hostname pattern 'a b'/],
    [{ blockHostnames: ['a:80'] }, /invalid hostname pattern 'a:80'/],
    [{ blacklistIPs: ['10.0.0.1'] }, /invalid CIDR address: 10\.0\.0\.1/],
    [{ blacklistIPs: ['10.0.0.0/33'] }, /invalid CIDR address/],
    [{ blacklistIPs: 5 }, /options\.blacklistIPs: expected a list/],
    [{ dns: { select: 'last' } }, /options\.dns\.select "last" does not exist/],
    [{ dns: { policy: 'onlyIPv5' } }, /options\.dns\.policy "onlyIPv5" does not exist/],
    [{ dns: { ttl: '-1s' } }, /options\.dns\.ttl: "-1s" is negative/],
    [{ dns: { tll: '1s' } }, /options\.dns: field "tll" does not exist/],
    [{ localIPs: '10.0.0.9-10.0.0.1' }, /localIPs: "10\.0\.0\.9-10\.0\.0\.1" is no address/],
    [{ localIPs: '10.0.0.1-::1' }, /localIPs/],
    [{ tlsVersion: 'ssl3.0' }, /options\.tlsVersion: "ssl3\.0" does not exist/],
    [{ tlsCipherSuites: ['TLS_NONE'] }, /cipher suite "TLS_NONE" does not exist/],
    [{ tlsAuth: [{ cert: 'x', key: 'y' }] }, /options\.tlsAuth\[0\]: its certificate and key cannot be used/],
    [{ tlsAuth: [{ cert: 'x' }] }, /options\.tlsAuth\[0\]: expected cert and key/],
  ] as [Raw, RegExp][]) {
    it(`refuses ${JSON.stringify(options)}`, () => {
      assert.throws(
        () => readConnectRules(options),
        (error) => error instanceof UserError && says.test(error.message),
      )
    })
  }

  it("reads dns as k6's flag has it, and its defaults", () => {
    assert.deepEqual(readConnectRules({ dns: 'ttl=1m,select=first,policy=any' }).dns, {
      ttlMs: 60_000,
      select: 'first',
      policy: 'any',
    })
    assert.deepEqual(readConnectRules({ dns: { ttl: 'inf' } }).dns.ttlMs, Number.POSITIVE_INFINITY)
    assert.deepEqual(readConnectRules({}).dns, { ttlMs: 300_000, select: 'random', policy: 'preferIPv4' })
  })

  it('gives local addresses of ranges and blocks in turn, without the first and the last of an IPv4 block', () => {
    const addresses = (localIPs: string, count: number) => {
      const pool = readConnectRules({ localIPs }).localAddresses!
      return Array.from({ length: count }, (_, index) => pool.at(index))
    }
    assert.deepEqual(addresses('10.0.0.0/30,10.1.0.255-10.1.1.0', 5), ['10.0.0.1', '10.0.0.2', '10.1.0.255', '10.1.1.0', '10.0.0.1']) // biome-ignore format: one row
    assert.deepEqual(addresses('10.0.0.8/31', 3), ['10.0.0.8', '10.0.0.9', '10.0.0.8'])
    assert.deepEqual(addresses('fd00::ffff-fd00::1:0', 3), ['fd00:0:0:0:0:0:0:ffff', 'fd00:0:0:0:0:0:1:0', 'fd00:0:0:0:0:0:0:ffff']) // biome-ignore format: one row
  })

  it('blocks what a flag lists with commas between', () => {
    const { blockedHostnames, blockedAddresses } = readConnectRules({ blockHostnames: 'a.test,*.b.test', blacklistIPs: '10.0.0.0/8,fd00::/8' }) // biome-ignore format: one row
    const names = ['a.test', 'x.a.test', 'x.b.test', 'b.test'].map((name) => blockedHostnames!.find(name) ?? false)
    assert.deepEqual(names, [true, false, true, false])
    assert.deepEqual([blockedAddresses!.check('10.1.1.1'), blockedAddresses!.check('fd12::1', 'ipv6'), blockedAddresses!.check('11.0.0.1')], [true, true, false]) // biome-ignore format: one row
  })
})
