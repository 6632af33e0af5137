import { GoError } from './go-error.ts'
import { NotProvided } from './not-provided.ts'
import { noOcsp } from './response.ts'

function failToParse(): never {
  throw new GoError('cannot parse json due to an error at line 1, character 0 , error: unexpected end of JSON input')
}

const notProvided = (name: string) => (): never => {
  throw new NotProvided(`Response.${name}()`)
}

/**
 * What k6 answers where it made no request, because the script passed what cannot be one: every field is empty but
 * the error.
 */
export class RefusedResponse {
  readonly remote_ip = ''
  readonly remote_port = 0
  readonly url = ''
  readonly status = 0
  readonly status_text = ''
  readonly proto = ''
  readonly headers: Record<string, string> = {}
  readonly cookies: Record<string, never> = {}
  readonly body: readonly never[] = []
  readonly timings = {
    duration: 0,
    blocked: 0,
    looking_up: 0,
    connecting: 0,
    tls_handshaking: 0,
    sending: 0,
    waiting: 0,
    receiving: 0,
  }
  readonly tls_version = ''
  readonly tls_cipher_suite = ''
  readonly ocsp = { ...noOcsp }
  readonly error: string
  readonly error_code: number
  readonly request = null
  readonly clickLink = notProvided('clickLink')
  readonly html = notProvided('html')
  readonly json = failToParse
  readonly submitForm = notProvided('submitForm')

  constructor(error: string, code: number) {
    this.error = error
    this.error_code = code
  }
}
