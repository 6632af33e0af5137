import type { ResponseParser } from '../../../../harness/engine/sessions/transport/http-parser.ts'

/** One response as it lies on the wire, and what a reader must make of it. */
export interface WireResponse {
  title: string
  /** latin1 */
  bytes: string
  method?: string
  status: number
  /** latin1 */
  body: string
  keepAlive: boolean
  /** The body lasts until the connection closes. */
  endsAtClose?: boolean
  encoding?: string
}

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}Transfer-Encoding: chunked\r\n\r\n`
const hello = { status: 200, body: 'hello', keepAlive: true }
const none = { body: '', keepAlive: true }

/** Responses that are read, each in its one way. */
export const goodResponses: WireResponse[] = [
  { title: 'a body by its Content-Length', bytes: `${ok}Content-Length: 5\r\n\r\nhello`, ...hello },
  { title: 'an empty body', bytes: `${ok}Content-Length: 0\r\n\r\n`, status: 200, ...none },
  { title: 'names in any case', bytes: `${ok}cOnTeNt-LENGTH: 5\r\n\r\nhello`, ...hello },
  { title: 'blanks around a value', bytes: `${ok}Content-Length: \t 5 \t\r\n\r\nhello`, ...hello },
  { title: 'no blank before a value', bytes: `${ok}Content-Length:5\r\n\r\nhello`, ...hello },
  { title: 'the same Content-Length twice', bytes: `${ok}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`, ...hello },
  { title: 'no reason, but its space', bytes: 'HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello', ...hello },
  { title: 'no reason and no space', bytes: 'HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello', ...hello },
  { title: 'a reason with blanks', bytes: 'HTTP/1.1 404 Not Found Here\r\nContent-Length: 5\r\n\r\nhello', ...hello, status: 404 },
  { title: 'a status that nobody knows', bytes: 'HTTP/1.1 799 \r\nContent-Length: 5\r\n\r\nhello', ...hello, status: 799 },
  { title: 'a value in latin1', bytes: `${ok}X-Name: caf\xe9\r\nContent-Length: 5\r\n\r\nhello`, ...hello },
  { title: 'an empty value', bytes: `${ok}X-Empty:\r\nContent-Length: 5\r\n\r\nhello`, ...hello },
  { title: 'names as long as those that matter', bytes: `${ok}X-Length-Four: 9\r\nX-Connects: close\r\nContent-Length: 5\r\n\r\nhello`, ...hello },
  { title: 'a body with line ends and zeros', bytes: `${ok}Content-Length: 7\r\n\r\n\r\n\r\n\0\r\n`, status: 200, body: '\r\n\r\n\0\r\n', keepAlive: true },
  { title: 'lines of the head that end with a bare LF', bytes: 'HTTP/1.1 200 OK\nContent-Length: 5\n\nhello', ...hello },
  { title: 'folded lines', bytes: `${ok}X-A: b\r\n c\r\n\td\r\nContent-Length:\r\n 5\r\n\r\nhello`, ...hello },
  { title: 'both kinds of line ends', bytes: 'HTTP/1.1 200 OK\r\nX-A: 1\nContent-Length: 5\r\n\nhello', ...hello },

  { title: 'one chunk', bytes: `${chunked}5\r\nhello\r\n0\r\n\r\n`, ...hello },
  { title: 'several chunks', bytes: `${chunked}2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n`, ...hello },
  { title: 'no chunk but the last', bytes: `${chunked}0\r\n\r\n`, status: 200, ...none },
  { title: 'a chunk size in both cases and with zeros', bytes: `${chunked}00a\r\n0123456789\r\n0B\r\nABCDEFGHIJK\r\n000\r\n\r\n`, status: 200, body: '0123456789ABCDEFGHIJK', keepAlive: true },
  { title: 'chunk extensions', bytes: `${chunked}5;name=value;flag\r\nhello\r\n0;last="a;b"\r\n\r\n`, ...hello },
  { title: 'blanks before a chunk extension', bytes: `${chunked}5 ;a\r\nhello\r\n0\t\r\n\r\n`, ...hello },
  { title: 'trailers', bytes: `${chunked}5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-Other:\r\n\r\n`, ...hello },
  { title: 'line ends inside of chunks', bytes: `${chunked}4\r\n\r\n\r\n\r\n2\r\n0\r\r\n0\r\n\r\n`, status: 200, body: '\r\n\r\n0\r', keepAlive: true },
  { title: 'chunks named in capitals', bytes: `${ok}Transfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, ...hello },
  { title: 'chunks beside a Content-Length, which is not heeded', bytes: `${ok}Content-Length: 99\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n`, ...hello, keepAlive: false },

  { title: '204 has no body', bytes: 'HTTP/1.1 204 No Content\r\n\r\n', status: 204, ...none },
  { title: '204 has none, whatever its Content-Length', bytes: 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', status: 204, ...none },
  { title: '304 has no body, whatever its Content-Length', bytes: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', status: 304, ...none },
  { title: 'an answer to HEAD has no body', bytes: `${ok}Content-Length: 5\r\n\r\n`, method: 'HEAD', status: 200, ...none },
  { title: 'an answer to HEAD has no chunks', bytes: chunked, method: 'HEAD', status: 200, ...none },
  { title: 'an answer to HEAD without a length', bytes: `${ok}\r\n`, method: 'HEAD', status: 200, ...none },
  { title: '205 may have one', bytes: 'HTTP/1.1 205 Reset\r\nContent-Length: 5\r\n\r\nhello', ...hello, status: 205 },

  { title: 'a body until the connection closes', bytes: `${ok}X-A: b\r\n\r\nhello`, ...hello, keepAlive: false, endsAtClose: true },
  { title: 'nothing until the connection closes', bytes: `${ok}\r\n`, status: 200, body: '', keepAlive: false, endsAtClose: true },
  { title: 'Connection: close', bytes: `${ok}Connection: close\r\nContent-Length: 5\r\n\r\nhello`, ...hello, keepAlive: false },
  { title: 'close among other options', bytes: `${ok}Connection: Foo , CLOSE\r\nContent-Length: 5\r\n\r\nhello`, ...hello, keepAlive: false },
  { title: 'close and keep-alive at once', bytes: `${ok}Connection: close, keep-alive\r\nContent-Length: 5\r\n\r\nhello`, ...hello, keepAlive: false },
  { title: 'HTTP/1.0 closes', bytes: 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello', ...hello, keepAlive: false },
  { title: 'HTTP/1.0 that stays open', bytes: 'HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello', ...hello },
  { title: 'HTTP/1.0 that stays open needs a length for it', bytes: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nhello', ...hello, keepAlive: false, endsAtClose: true },
  { title: 'HTTP/1.0 knows no chunks', bytes: 'HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', status: 200, body: '0\r\n\r\n', keepAlive: false, endsAtClose: true },

  { title: '100 before the response', bytes: `HTTP/1.1 100 Continue\r\n\r\n${ok}Content-Length: 5\r\n\r\nhello`, ...hello },
  { title: 'several 1xx with fields', bytes: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 3\r\n\r\nHTTP/1.1 102 \r\nConnection: close\r\n\r\n${chunked}5\r\nhello\r\n0\r\n\r\n`, ...hello },
  { title: 'an encoding', bytes: `${ok}Content-Encoding: GZip\r\nContent-Length: 5\r\n\r\nhello`, ...hello, encoding: 'gzip' },
] // biome-ignore format: one row a case

export interface MalformedResponse {
  title: string
  bytes: string
  /** What the error says. */
  says: RegExp
}

/** Responses that are refused. */
export const malformedResponses: MalformedResponse[] = [
  { title: 'no HTTP', bytes: 'SSH-2.0-OpenSSH_9.2\r\n', says: /malformed HTTP (response|version)/ },
  { title: 'another letter case', bytes: 'http/1.1 200 OK\r\n\r\n', says: /malformed HTTP (response|version)/ },
  { title: 'HTTP/2 in words', bytes: 'HTTP/2.0 200 OK\r\n\r\n', says: /malformed HTTP (response|version)/ },
  { title: 'HTTP/1.2', bytes: 'HTTP/1.2 200 OK\r\n\r\n', says: /malformed HTTP (response|version)/ },
  { title: 'a status of two digits', bytes: 'HTTP/1.1 20\r\n\r\n', says: /malformed HTTP status code/ },
  { title: 'a status of four digits', bytes: 'HTTP/1.1 2000 OK\r\n\r\n', says: /malformed HTTP status code/ },
  { title: 'a status of letters', bytes: 'HTTP/1.1 2x0 OK\r\n\r\n', says: /malformed HTTP status code/ },
  { title: 'a status below 100', bytes: 'HTTP/1.1 099 OK\r\n\r\n', says: /malformed HTTP status code/ },
  { title: 'two spaces before the status', bytes: 'HTTP/1.1  200 OK\r\n\r\n', says: /malformed HTTP status code/ },
  { title: 'an empty first line', bytes: '\r\nHTTP/1.1 200 OK\r\n\r\n', says: /malformed HTTP (response|version)/ },
  { title: 'CR without LF', bytes: `${ok}X-A: b\rX-B: c\r\n\r\n`, says: /malformed MIME header line/ },
  { title: 'a field without a colon', bytes: `${ok}X-A\r\n\r\n`, says: /malformed MIME header: missing colon: "X-A"/ },
  { title: 'a field without a name', bytes: `${ok}: b\r\n\r\n`, says: /malformed MIME header line/ },
  { title: 'a blank in a name', bytes: `${ok}X A: b\r\n\r\n`, says: /malformed MIME header line/ },
  { title: 'a blank before the colon', bytes: `${ok}Content-Length : 5\r\n\r\nhello`, says: /malformed MIME header line/ },
  { title: 'a folded line before the first field', bytes: `${ok} X-A: b\r\nContent-Length: 0\r\n\r\n`, says: /malformed MIME header line: " X-A: b"/ },
  { title: 'a zero in a value', bytes: `${ok}X-A: b\0c\r\n\r\n`, says: /malformed MIME header line/ },
  { title: 'a control character in a value', bytes: `${ok}X-A: b\x01c\r\n\r\n`, says: /malformed MIME header line/ },
  { title: 'two different Content-Lengths', bytes: `${ok}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`, says: /multiple Content-Length headers; got \["5" "6"\]/ },
  { title: 'a list of Content-Lengths', bytes: `${ok}Content-Length: 5, 5\r\n\r\nhello`, says: /bad Content-Length "5, 5"/ },
  { title: 'a negative Content-Length', bytes: `${ok}Content-Length: -5\r\n\r\nhello`, says: /bad Content-Length "-5"/ },
  { title: 'a Content-Length with a sign', bytes: `${ok}Content-Length: +5\r\n\r\nhello`, says: /bad Content-Length "\+5"/ },
  { title: 'a Content-Length in hex', bytes: `${ok}Content-Length: 0x5\r\n\r\nhello`, says: /bad Content-Length "0x5"/ },
  { title: 'an empty Content-Length', bytes: `${ok}Content-Length:\r\n\r\nhello`, says: /bad Content-Length ""/ },
  { title: 'a Content-Length beyond all numbers', bytes: `${ok}Content-Length: 99999999999999999999\r\n\r\n`, says: /bad Content-Length "9+"/ },
  { title: 'a Transfer-Encoding that is not chunked', bytes: `${ok}Transfer-Encoding: gzip, chunked\r\n\r\n`, says: /unsupported transfer encoding: "gzip, chunked"/ },
  { title: 'two Transfer-Encodings', bytes: `${ok}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n`, says: /too many transfer encodings/ },
  { title: 'a chunk size that is no number', bytes: `${chunked}xyz\r\n`, says: /invalid byte in chunk length/ },
  { title: 'an empty chunk size', bytes: `${chunked}\r\nhello\r\n`, says: /invalid byte in chunk length/ },
  { title: 'a negative chunk size', bytes: `${chunked}-5\r\nhello\r\n`, says: /invalid byte in chunk length/ },
  { title: 'a chunk size in the way of programmers', bytes: `${chunked}0x5\r\nhello\r\n`, says: /invalid byte in chunk length/ },
  { title: 'a chunk size beyond all numbers', bytes: `${chunked}fffffffffffffff\r\nhello\r\n`, says: /http chunk length too large/ },
  { title: 'a chunk longer than its size', bytes: `${chunked}3\r\nhello\r\n0\r\n\r\n`, says: /malformed chunked encoding/ },
  { title: 'a chunk size that ends with a bare LF', bytes: `${chunked}5\nhello\r\n`, says: /chunked line ends with bare LF/ },
  { title: 'a chunk that ends with a bare LF', bytes: `${chunked}5\r\nhello\n0\r\n\r\n`, says: /malformed chunked encoding/ },
  { title: 'a trailer without a colon', bytes: `${chunked}0\r\nX-Sum\r\n\r\n`, says: /missing colon: "X-Sum"/ },
  { title: 'a malformed response behind 100', bytes: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 2\r\n\r\n', says: /malformed HTTP status code/ },
] // biome-ignore format: one row a case

/** What a parser has read, body as latin1; call it before the bytes of the last piece are reused. */
export function readOf(parser: ResponseParser, lastPiece: Buffer) {
  const body =
    parser.wholeBodyStart >= 0
      ? lastPiece.toString('latin1', parser.wholeBodyStart, parser.wholeBodyEnd)
      : Buffer.concat(parser.chunks).toString('latin1')
  return { state: parser.state, status: parser.status, body, keepAlive: parser.keepAlive }
}
