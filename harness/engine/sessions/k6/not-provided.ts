/**
 * A script used something of k6's that this engine does not have. Going on would measure another load than the script
 * describes, so it ends the test.
 */
export class NotProvided extends Error {
  override name = 'NotProvided'

  /** @param what `http.cookieJar()` */
  constructor(what: string, detail = '') {
    super(`${what} is not provided by this engine yet${detail}; run the script with \`k6 run\``)
  }
}
