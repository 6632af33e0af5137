import { UserError } from '../../errors.ts'

/** Where the target is. */
export interface Base {
  /** With credentials, if there are any: `http://127.0.0.1:8080`. */
  origin: string
  /** What stands before the path of every request, as in a k6 script: empty, or such as `/api`. */
  path: string
}

/** @param url as `BASE_URL` has it @throws UserError for what is no address of a server */
export function readBase(url: string): Base {
  const { protocol, pathname, href } = URL.canParse(url) ? new URL(url) : { protocol: '', pathname: '', href: '' }
  if (!/^https?:$/.test(protocol) || /[?#]/.test(url))
    throw new UserError(
      `BASE_URL: expected an address such as http://127.0.0.1:8080/api, without ? and #, found "${url}"`,
    )
  return { origin: href.slice(0, -pathname.length), path: pathname.replace(/\/+$/, '') }
}
