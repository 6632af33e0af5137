import { randomUUID } from 'node:crypto'
import type { SessionState } from '../state/port.ts'
import type { Peers } from '../workers/peers.ts'
import { busy } from './problems.ts'
import { findSession, type OpenedSession, openSession, type SessionDetails, type SessionParts } from './sessions.ts'

type DeviceDetails = SessionDetails & { device: string }

/** What a worker asks the one at which sessions of a device are made. */
export interface ReuseRequest {
  app: string
  details: DeviceDetails
}

/** The question by which a worker has another one find or make the session of a device. */
export const reuseQuestion = 'reuse'

/** That worker waits for the database, which may be busy for long: one that died ends the process. */
const reusePatienceMs = 30_000

/**
 * The session of a device that was active last, or a new one; resolves when that is stored and so can be found again.
 * Sessions of one device are made at one worker, so that two requests that reach two workers at once get the same one.
 * Gateways that share a PostgreSQL know nothing of each other: one may be made at each of them.
 * @throws Problem 503 while the database is away, or the worker that makes the session does not answer
 */
export const reuseSession = async (
  parts: SessionParts,
  peers: Peers,
  request: ReuseRequest,
): Promise<OpenedSession> => {
  const { app, details } = request
  const maker = peers.workerFor(`${app}/${details.device}`)
  if (maker === peers.index) return reuseHere(parts, request)
  const session = await findActive(parts, app, details.device)
  if (session) return { session, created: false }
  const opened = await peers.askOne(maker, reuseQuestion, request, reusePatienceMs)
  if (!opened) throw busy(`the worker that makes the sessions of device ${details.device} does not answer`)
  return opened as OpenedSession
}

/** Devices whose session is just being looked for or made: two requests of one device get the same session. */
const reusing = new Map<string, Promise<OpenedSession>>()

/** As `reuseSession`, at the worker at which sessions of the device are made. */
export const reuseHere = (parts: SessionParts, { app, details }: ReuseRequest): Promise<OpenedSession> => {
  const device = `${app}/${details.device}`
  const underWay = reusing.get(device)
  if (underWay) return underWay.then(({ session }) => ({ session, created: false }))
  const opening = findOrMake(parts, app, details).finally(() => reusing.delete(device))
  reusing.set(device, opening)
  return opening
}

const findActive = async (parts: SessionParts, app: string, device: string): Promise<SessionState | undefined> => {
  const key = await parts.store.findActive(app, device)
  return key === undefined ? undefined : findSession(parts, app, key)
}

const findOrMake = async (parts: SessionParts, app: string, details: DeviceDetails): Promise<OpenedSession> => {
  const active = await findActive(parts, app, details.device)
  if (active) return { session: active, created: false }
  return openSession(parts, app, randomUUID(), details, true)
}
