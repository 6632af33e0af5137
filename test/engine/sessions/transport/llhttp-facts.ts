/**
 * What llhttp's published cases of responses say (test/response/ of nodejs/llhttp; each `fact` names file and case), as
 * inputs of our own. Where Go, and so k6, reads a response otherwise than
 * llhttp, `unlike` gives the reason: the engine does as k6 does, or refuses what neither RFC allows.
 */
export interface LlhttpFact {
  /** File and case. */
  fact: string
  /** latin1 */
  bytes: string
  method?: string
  /** What llhttp makes of it. */
  llhttp: 'reads' | 'refuses' | 'until close' | 'upgrades'
  /** What we make of it, where that is something else. */
  unlike?: { ours: 'reads' | 'refuses' | 'until close'; because: string }
  /** latin1, where it is read. */
  body?: string
  /** Bytes behind the response. */
  surplus?: number
}

const ok = 'HTTP/1.1 200 OK\r\n'
const chunked = `${ok}Transfer-Encoding: chunked\r\n`
const asGo = 'k6 reads it'
const asGoRefuses = 'k6 refuses it'

export const llhttpFacts: LlhttpFact[] = [
  { fact: 'connection: Proxy-Connection is no Connection', bytes: `${ok}Proxy-Connection: close\r\nContent-Length: 3\r\n\r\nabc`, llhttp: 'reads', body: 'abc' },
  { fact: 'connection: 1.0 keep-alive without a length', bytes: 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nHTTP/1.0 200 OK', llhttp: 'until close', body: 'HTTP/1.0 200 OK' },
  { fact: 'connection: 1.0 keep-alive, 204', bytes: 'HTTP/1.0 204 None\r\nConnection: keep-alive\r\n\r\nHTTP/1.0 200 OK', llhttp: 'reads', body: '', surplus: 15 },
  { fact: 'connection: 1.1 without a length', bytes: `${ok}\r\nHTTP/1.1 200 OK`, llhttp: 'until close', body: 'HTTP/1.1 200 OK' },
  { fact: 'connection: 1.1, 204', bytes: 'HTTP/1.1 204 None\r\n\r\nHTTP/1.1 200 OK', llhttp: 'reads', body: '', surplus: 15 },
  { fact: 'connection: close, 204, more behind', bytes: 'HTTP/1.1 204 None\r\nConnection: close\r\n\r\nHTTP/1.1 200 OK', llhttp: 'refuses', unlike: { ours: 'reads', because: asGo }, body: '', surplus: 15 },
  { fact: 'connection: close, a length, more behind', bytes: `${ok}Content-Length: 2\r\nConnection: close\r\n\r\nabcd`, llhttp: 'refuses', unlike: { ours: 'reads', because: asGo }, body: 'ab', surplus: 2 },
  { fact: 'connection: 101 with a length', bytes: 'HTTP/1.1 101 Other\r\nConnection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\nbody', llhttp: 'upgrades', surplus: 4 },
  { fact: 'connection: 101 with chunks', bytes: 'HTTP/1.1 101 Other\r\nConnection: upgrade\r\nUpgrade: h2c\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', llhttp: 'upgrades', surplus: 5 },
  { fact: 'connection: 200 with Upgrade', bytes: `${ok}Connection: upgrade\r\nUpgrade: h2c\r\n\r\nbody`, llhttp: 'until close', body: 'body' },
  { fact: 'connection: 200 with Upgrade and a length', bytes: `${ok}Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: 4\r\n\r\nbody`, llhttp: 'reads', body: 'body' },
  { fact: 'connection: 200 with Upgrade and chunks', bytes: `${chunked}Connection: upgrade\r\nUpgrade: h2c\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n`, llhttp: 'reads', body: 'body' },
  { fact: 'connection: 304 with a length', bytes: 'HTTP/1.1 304 Same\r\nContent-Length: 10\r\n\r\nHTTP/1.1', llhttp: 'reads', body: '', surplus: 8 },
  { fact: 'connection: 304 with chunks', bytes: 'HTTP/1.1 304 Same\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1', llhttp: 'reads', body: '', surplus: 8 },
  { fact: 'connection: 100, then 404', bytes: 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Gone\r\nContent-Length: 2\r\n\r\nno', llhttp: 'reads', body: 'no' },
  { fact: 'connection: 103, then 200', bytes: `HTTP/1.1 103 Hints\r\nLink: </a>\r\n\r\n${ok}Content-Length: 2\r\n\r\nok`, llhttp: 'reads', body: 'ok' },

  { fact: 'content-length: none, but Connection: close', bytes: `${ok}Connection: close\r\n\r\n<a/>\n`, llhttp: 'until close', body: '<a/>\n' },
  { fact: 'content-length: a name that only begins so', bytes: `${chunked}Content-Length-X: 0\r\n\r\n2\r\nOK\r\n0\r\n\r\n`, llhttp: 'reads', body: 'OK' },
  { fact: 'content-length: of a response without body', bytes: `${ok}Content-Length: 123\r\n\r\nHTTP/1.1`, method: 'HEAD', llhttp: 'reads', body: '', surplus: 8 },
  { fact: 'content-length: tabs around', bytes: `${ok}Content-Length:\t2\t\r\n\r\nok`, llhttp: 'reads', body: 'ok' },
  { fact: 'finish: nothing behind the head', bytes: `${ok}\r\n`, llhttp: 'until close', body: '' },

  { fact: 'invalid: HTP', bytes: 'HTP/1.1 200 OK\r\n\r\n', llhttp: 'refuses' },
  { fact: 'invalid: major version 01', bytes: 'HTTP/01.1 200 OK\r\n\r\n', llhttp: 'refuses' },
  { fact: 'invalid: major version 11', bytes: 'HTTP/11.1 200 OK\r\n\r\n', llhttp: 'refuses' },
  { fact: 'invalid: minor version 01', bytes: 'HTTP/1.01 200 OK\r\n\r\n', llhttp: 'refuses' },
  { fact: 'invalid: a tab behind the version', bytes: 'HTTP/1.1\t200 OK\r\n\r\n', llhttp: 'refuses' },
  { fact: 'invalid: CR first, tab behind the version', bytes: '\rHTTP/1.1\t200 OK\r\n\r\n', llhttp: 'refuses' },
  { fact: 'invalid: fields with CR between', bytes: `${ok}A: 1\rB: 2\r\n\r\n`, llhttp: 'refuses' },
  { fact: 'invalid: CR behind the status line', bytes: 'HTTP/1.1 200 OK\rContent-Length: 0\r\n\r\n', llhttp: 'refuses' },
  { fact: 'invalid: CR CR behind the status line', bytes: 'HTTP/1.1 200 OK\r\rContent-Length: 4\r\n\r\nEvil', llhttp: 'refuses' },
  { fact: 'invalid: version 5.6', bytes: 'HTTP/5.6 200 OK\r\n\r\n', llhttp: 'refuses' },
  { fact: 'invalid: a blank first in the first field', bytes: `${ok} Host: a\r\n\r\n`, llhttp: 'refuses' },
  { fact: 'invalid: two spaces before the status', bytes: 'HTTP/1.1  200 OK\r\n\r\n', llhttp: 'refuses' },
  { fact: 'invalid: two spaces before the reason', bytes: 'HTTP/1.1 200  OK\r\n\r\n', llhttp: 'until close', body: '' },
  { fact: 'invalid: a status of one digit', bytes: 'HTTP/1.1 2 OK\r\n\r\n', llhttp: 'refuses' },
  { fact: 'invalid: only LF, no body', bytes: 'HTTP/1.1 200 OK\nContent-Length: 0\n\n', llhttp: 'refuses', unlike: { ours: 'reads', because: asGo }, body: '' },
  { fact: 'invalid: only LF', bytes: 'HTTP/1.1 200 OK\nA: 1\n\nBODY\n', llhttp: 'refuses', unlike: { ours: 'until close', because: asGo }, body: 'BODY\n' },

  { fact: 'pipelining: the first of several', bytes: `${ok}Content-Length: 3\r\n\r\nAAAHTTP/1.1 201 Made\r\nContent-Length: 4\r\n\r\nBBBB`, llhttp: 'reads', body: 'AAA', surplus: 44 },

  { fact: 'sample: tabs before a value', bytes: `${ok}A: 1\r\nB:\t 2\r\nContent-Length: 0\r\n\r\n`, llhttp: 'reads', body: '' },
  { fact: 'sample: RTSP', bytes: 'RTSP/1.1 200 OK\r\n\r\n', llhttp: 'until close', unlike: { ours: 'refuses', because: asGoRefuses } },
  { fact: 'sample: ICE', bytes: 'ICE/1.1 200 OK\r\n\r\n', llhttp: 'until close', unlike: { ours: 'refuses', because: asGoRefuses } },
  { fact: 'sample: HTTPER', bytes: 'HTTPER/1.1 200 OK\r\n\r\n', llhttp: 'refuses' },
  { fact: 'sample: a dollar in a name', bytes: 'HTTP/1.1 301 Moved\r\nX-$Version: 1\r\nContent-Length:  4  \r\n\r\ngone', llhttp: 'reads', body: 'gone' },
  { fact: 'sample: quotes in a value, chunks', bytes: `HTTP/1.1 301 Moved\r\np3p: a="b",CP="C D"\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n\n\r\n0\r\n\r\n`, llhttp: 'reads', body: '\n' },
  { fact: 'sample: no fields', bytes: 'HTTP/1.1 404 Gone\r\n\r\n', llhttp: 'until close', body: '' },
  { fact: 'sample: no reason', bytes: 'HTTP/1.1 301\r\n\r\n', llhttp: 'until close', body: '' },
  { fact: 'sample: an empty reason', bytes: 'HTTP/1.1 200 \r\n\r\n', llhttp: 'until close', body: '' },
  { fact: 'sample: LF only, Connection: close', bytes: 'HTTP/1.1 200 OK\nConnection: close\n\nnews', llhttp: 'refuses', unlike: { ours: 'until close', because: asGo }, body: 'news' },
  { fact: 'sample: an underscore in a name', bytes: `${ok}Content-Length: 0\r\nA_b: v7;x;0-0\r\n\r\n`, llhttp: 'reads', body: '' },
  { fact: 'sample: an empty value before a field', bytes: 'HTTP/1.0 301 Moved\r\nPragma: \r\nLocation: /\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n', llhttp: 'reads', body: '' },
  { fact: 'sample: names that are nearly others', bytes: `${chunked}.et-Cookie: a\r\n_onnection: Keep-Alive\r\nConnection: close\r\n\r\n0\r\n\r\n`, llhttp: 'reads', body: '' },
  { fact: 'sample: a blank in a name', bytes: `${ok}en-US Content-Type: a\r\nContent-Length: 2\r\n\r\nhi`, llhttp: 'refuses' },
  { fact: 'sample: a reason that is not ASCII', bytes: 'HTTP/1.1 500 Ori\xc3\xabntatie\r\nContent-Length: 0\r\nConnection: close\r\n\r\n', llhttp: 'reads', body: '' },
  { fact: 'sample: version 0.9', bytes: 'HTTP/0.9 200 OK\r\n\r\n', llhttp: 'until close', unlike: { ours: 'refuses', because: 'HTTP/0.9 has no status line; k6 takes any digits' } },
  { fact: 'sample: neither length nor chunks', bytes: `${ok}Content-Type: text/plain\r\n\r\nhello`, llhttp: 'until close', body: 'hello' },
  { fact: 'sample: an empty line first', bytes: `\r\n${ok}Content-Length: 0\r\n\r\n`, llhttp: 'reads', unlike: { ours: 'refuses', because: asGoRefuses } },

  { fact: 'transfer-encoding: blanks behind a chunk size', bytes: `${chunked}\r\n2  \r\nhi\r\n0  \r\n\r\n`, llhttp: 'refuses', unlike: { ours: 'reads', because: asGo }, body: 'hi' },
  { fact: 'transfer-encoding: chunked before another', bytes: `${ok}Transfer-Encoding: chunked, deflate\r\n\r\nWorld`, llhttp: 'until close', unlike: { ours: 'refuses', because: asGoRefuses } },
  { fact: 'transfer-encoding: two lines, chunked first', bytes: `${chunked}Transfer-Encoding: identity\r\n\r\nWorld`, llhttp: 'until close', unlike: { ours: 'refuses', because: asGoRefuses } },
  { fact: 'transfer-encoding: chunkedchunked', bytes: `${ok}Transfer-Encoding: chunkedchunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n`, llhttp: 'until close', unlike: { ours: 'refuses', because: asGoRefuses } },
  { fact: 'transfer-encoding: extensions', bytes: `${chunked}\r\n5;one;two=three\r\nhello\r\n6;four;five\r\n world\r\n0\r\n\r\n`, llhttp: 'reads', body: 'hello world' },
  { fact: 'transfer-encoding: extensions without a semicolon', bytes: `${chunked}\r\n2 abc\r\naa\r\n0 def\r\n\r\n`, llhttp: 'refuses' },
  { fact: 'transfer-encoding: a semicolon and nothing', bytes: `${chunked}\r\n2;\r\naa\r\n0\r\n\r\n`, llhttp: 'refuses', unlike: { ours: 'reads', because: asGo }, body: 'aa' },
  { fact: 'transfer-encoding: quoted extensions', bytes: `${chunked}\r\n5;a="b; c";d="e";f\r\nhello\r\n0\r\n\r\n`, llhttp: 'reads', body: 'hello' },
  { fact: 'transfer-encoding: a quote that does not end', bytes: `${chunked}\r\n5;a="b";c="d; e\r\nhello\r\n0\r\n\r\n`, llhttp: 'refuses', unlike: { ours: 'reads', because: asGo }, body: 'hello' },
  { fact: 'transfer-encoding: a folded line behind chunked', bytes: `${chunked}  abc\r\n\r\n5\r\nWorld\r\n0\r\n\r\n`, llhttp: 'until close', unlike: { ours: 'refuses', because: asGoRefuses } },
] // biome-ignore format: one row a case
