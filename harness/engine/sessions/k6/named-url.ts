import { endpointOf, InvalidUrl, UnusableUrl } from '../transport/endpoint.ts'
import { GoError } from './go-error.ts'

/** What `http.url` gives: a URL with a name, so that many URLs make one group of samples. */
export class NamedUrl {
  readonly name: string
  readonly url: string
  readonly clean_url: string

  constructor(url: string, name: string) {
    this.name = name
    this.url = url
    this.clean_url = cleanUrl(url)
  }
}

/** @throws GoError for what is no URL */
function cleanUrl(url: string): string {
  try {
    return endpointOf(url).cleanHref
  } catch (error) {
    if (error instanceof UnusableUrl) return error.endpoint.cleanHref
    throw error instanceof InvalidUrl ? new GoError(error.message) : error
  }
}

/** The template tag: http.url`http://host/items/${id}` */
export function url(strings: TemplateStringsArray | string, ...values: unknown[]): NamedUrl {
  const parts = typeof strings === 'string' ? [strings] : strings
  const full = parts.reduce(
    (text, part, index) => text + part + (index < values.length ? String(values[index]) : ''),
    '',
  )
  return new NamedUrl(full, parts.join('$' + '{}'))
}
