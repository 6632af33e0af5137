import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Write } from '../../../reference-server/store/port.ts'
import { cachedOrganisation } from '../../../reference-server/usage/cached-organisation.ts'
import { uncachedOrganisation } from '../../../reference-server/usage/uncached-organisation.ts'

class FakeStore {
  organisationReads = 0
  isAway = false
  readonly written: Write[] = []

  async organisationOf(app: string): Promise<string | undefined> {
    this.organisationReads += 1
    if (this.isAway) throw new Error('the database is away')
    return app === 'app-x' ? undefined : `org-${app}`
  }

  async write(write: Write): Promise<void> {
    this.written.push(write)
  }
}

const use = (app: string, turn: number) => ({ app, session: `${app}/s`, turn, tokens: 8 })
const kinds = { cached: { make: cachedOrganisation, reads: 2 }, uncached: { make: uncachedOrganisation, reads: 4 } }

for (const [kind, { make, reads }] of Object.entries(kinds)) {
  describe(`Usage with ${kind} organisations`, () => {
    it('enters each use under the organisation of its app', async () => {
      const store = new FakeStore()
      const usage = make(store)
      await Promise.all([usage.record(use('app-a', 1)), usage.record(use('app-a', 2)), usage.record(use('app-b', 1))])
      await usage.record(use('app-b', 2))
      const entries = store.written.map(
        (write) => write.kind === 'use' && `${write.organisation} ${write.session} ${write.turn}`,
      )
      assert.deepEqual(entries.sort(), [
        'org-app-a app-a/s 1',
        'org-app-a app-a/s 2',
        'org-app-b app-b/s 1',
        'org-app-b app-b/s 2',
      ])
      assert.equal(usage.organisationReads, reads)
    })

    it('fails with what the look-up failed with, and looks again the next time', async () => {
      const store = new FakeStore()
      const usage = make(store)
      store.isAway = true
      await assert.rejects(usage.record(use('app-a', 1)), /away/)
      store.isAway = false
      await usage.record(use('app-a', 2))
      assert.equal(store.written.length, 1)
    })

    it('enters nothing for an app without organisation', async () => {
      const store = new FakeStore()
      await make(store).record(use('app-x', 1))
      assert.deepEqual(store.written, [])
    })
  })
}
