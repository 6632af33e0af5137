import type { Store } from '../store/port.ts'
import { Ledger } from './ledger.ts'
import type { Usage } from './port.ts'

/** The organisation is read from the database at every call to the model. */
export const uncachedOrganisation = (store: Pick<Store, 'write' | 'organisationOf' | 'organisationReads'>): Usage =>
  new Ledger(store, (app) => store.organisationOf(app))
