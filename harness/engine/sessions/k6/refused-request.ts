/**
 * A request that cannot be made of what the script passed. k6 does not throw it (unless the option `throw` is on): it
 * warns and gives a response that says why.
 */
export class RefusedRequest extends Error {
  override name = 'RefusedRequest'
}
