import { UserError } from '../../../errors.ts'

/** Tags that k6 gives samples by itself unless `systemTags` says otherwise. */
const usual = [
  'proto', 'subproto', 'status', 'method', 'url', 'name', 'group', 'check', 'error', 'error_code', 'tls_version',
  'scenario', 'service', 'expected_response',
] // biome-ignore format: one list

/** They exist as well, where they are asked for. `iter` and `vu` go with samples as metadata. */
const onRequest = ['iter', 'vu', 'ocsp_status', 'ip']

/** System tags that are metadata: too many values to tell samples apart by. */
export const metadataTags: ReadonlySet<string> = new Set(['iter', 'vu'])

/** All names that `systemTags` may hold. */
export const systemTagNames: readonly string[] = [...usual, ...onRequest]

/**
 * The system tags that samples carry: those of `options.systemTags` that exist (k6 passes over the others), or the usual.
 * @throws UserError where it is no list of names
 */
export function readSystemTags(raw: unknown): ReadonlySet<string> {
  if (raw === undefined || raw === null) return new Set(usual)
  if (!Array.isArray(raw))
    throw new UserError(
      `options.systemTags: expected a list such as ["status", "method"], found ${JSON.stringify(raw)}`,
    )
  const wanted = raw.map(String)
  return new Set(systemTagNames.filter((name) => wanted.includes(name)))
}
