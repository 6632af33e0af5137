import { randomUUID, X509Certificate } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificates } from './certificates.ts'
import { exitCannotStart, messageOf, StartError } from './errors.ts'

const validDays = 365
/** A certificate with less than this left is made anew, so that none expires during a campaign. */
const leastLeftMs = 86_400_000

/** Key, certificate and authority in one file, so that they cannot come from two different makings. */
const bundleFile = 'server.pem'
/** The authority alone: what a client trusts. */
const authorityFile = 'ca.pem'

const pemBlock = /-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----\n/g

const parseBundle = (text: string): Certificates | undefined => {
  const [key, certificate, ca] = text.match(pemBlock) ?? []
  return key && certificate && ca ? { key, certificate, ca } : undefined
}

const isFresh = (pem: string): boolean => new X509Certificate(pem).validToDate.getTime() - Date.now() > leastLeftMs

type Bundle = Certificates | 'absent' | 'unusable'

const readBundle = async (path: string): Promise<Bundle> => {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return 'absent'
  const found = parseBundle(text)
  return found && isFresh(found.certificate) && isFresh(found.ca) ? found : 'unusable'
}

const writeWhole = async (path: string, text: string, publish: (temporary: string) => Promise<void>, mode = 0o644) => {
  const temporary = `${path}.${randomUUID()}`
  try {
    await writeFile(temporary, text, { mode })
    await publish(temporary)
  } finally {
    await rm(temporary, { force: true })
  }
}

const ignoreExisting = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EEXIST') throw error
}

const makeBundle = async (path: string, replace: boolean): Promise<void> => {
  const { makeCertificates } = await import('./certificates.ts')
  const { key, certificate, ca } = await makeCertificates(validDays)
  // A link fails where the file is there already, so of several processes that start at once the first one wins.
  const publish = (temporary: string) =>
    replace ? rename(temporary, path) : link(temporary, path).catch(ignoreExisting)
  await writeWhole(path, key + certificate + ca, publish, 0o600)
}

/**
 * The services' certificate, made at the first start and reused by later ones.
 * @param directory created where absent; afterwards holds `server.pem` (key, certificate, authority; readable by the
 *   owner only) and `ca.pem` (the authority)
 * @throws StartError when the directory cannot be written
 */
export const ensureCertificates = async (directory: string): Promise<Certificates> => {
  const path = join(directory, bundleFile)
  try {
    await mkdir(directory, { recursive: true })
    let found = await readBundle(path)
    if (typeof found === 'string') {
      await makeBundle(path, found === 'unusable')
      found = await readBundle(path)
    }
    if (typeof found === 'string') throw new Error(`${path} is ${found} just after it was made`)
    const authorityPath = join(directory, authorityFile)
    await writeWhole(authorityPath, found.ca, (temporary) => rename(temporary, authorityPath))
    return found
  } catch (error) {
    throw new StartError(`TLS_DIR ${directory}: ${messageOf(error)}`, exitCannotStart, { cause: error })
  }
}

/**
 * The authority that a client of the services trusts.
 * @throws StartError when the services have not yet made it
 */
export const readAuthority = async (directory: string): Promise<string> => {
  const path = join(directory, authorityFile)
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const advice = 'start the services first with the same TLS_DIR; they make it'
    throw new StartError(`${path} cannot be read (${messageOf(error)}); ${advice}`, exitCannotStart)
  }
}
