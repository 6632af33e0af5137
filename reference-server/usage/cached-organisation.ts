import type { Store } from '../store/port.ts'
import { Ledger } from './ledger.ts'
import type { Usage } from './port.ts'

/**
 * The organisation of an app is read once a worker and kept: apps do not change hands while a gateway runs. Of several
 * calls at once one reads; a read that fails, or finds none, is not kept.
 */
export const cachedOrganisation = (store: Pick<Store, 'write' | 'organisationOf' | 'organisationReads'>): Usage => {
  const known = new Map<string, string>()
  const reading = new Map<string, Promise<string | undefined>>()
  const read = async (app: string): Promise<string | undefined> => {
    try {
      const organisation = await store.organisationOf(app)
      if (organisation !== undefined) known.set(app, organisation)
      return organisation
    } finally {
      reading.delete(app)
    }
  }
  const find = (app: string) => {
    const present = known.get(app) ?? reading.get(app)
    if (present !== undefined) return present
    const started = read(app)
    reading.set(app, started)
    return started
  }
  return new Ledger(store, find)
}
