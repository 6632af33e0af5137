import { invalid } from '../gateway/problems.ts'

/** Visible ASCII as it may stand in a request line. */
const wellFormed = /^\/v1\/[!-~]*$/
/** What a segment may say once its percent signs are read: no slash, no further percent sign, no parameters. */
const plain = /^[\w~:@!$&'()*+,=. -]+$/

/**
 * The path at the model's server that a client's path stands for. It stays below the model's `/v1/`, whatever the
 * client writes: no segment may climb, nor look like one that does to a server which decodes twice or in another order.
 * @param basePath of the model's URL, without a slash at its end
 * @throws Problem 400
 */
export const targetPath = (basePath: string, path: string): string => {
  const [beforeQuery = ''] = path.split('?', 1)
  const segments = beforeQuery.split('/').slice(2)
  // A slash at the end is no segment.
  if (segments.at(-1) === '') segments.pop()
  if (!wellFormed.test(path) || path.includes('#') || !segments.every(isPlain))
    throw invalid('the path behind the proxy is none of the model: it begins with v1/ and its segments are plain names')
  return `${basePath}${path}`
}

const isPlain = (segment: string): boolean => {
  const decoded = decode(segment)
  return plain.test(decoded) && !decoded.startsWith('..') && decoded !== '.'
}

/** Empty, and so no name, where it cannot be decoded. */
const decode = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return ''
  }
}
