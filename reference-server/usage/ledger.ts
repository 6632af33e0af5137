import { logFailure } from '../errors.ts'
import type { Store } from '../store/port.ts'
import type { ModelUse, Usage } from './port.ts'

/** Where the organisation of an app comes from: always the store, but how often is what differs. */
export type FindOrganisation = (app: string) => Promise<string | undefined> | string | undefined

/** Enters each use under the organisation of its app. A use of an app that has none is told of, and not billed. */
export class Ledger implements Usage {
  readonly #store: Pick<Store, 'write' | 'organisationReads'>
  readonly #find: FindOrganisation

  constructor(store: Pick<Store, 'write' | 'organisationReads'>, find: FindOrganisation) {
    this.#store = store
    this.#find = find
  }

  get organisationReads(): number {
    return this.#store.organisationReads
  }

  async record(use: ModelUse): Promise<void> {
    const organisation = await this.#find(use.app)
    if (organisation === undefined) return logFailure(`a use of ${use.app} was not entered`, 'it has no organisation')
    this.#store
      .write({ kind: 'use', organisation, ...use, atMs: Date.now() })
      .catch((error) => logFailure(`a use of ${use.app} was not entered`, error))
  }
}
