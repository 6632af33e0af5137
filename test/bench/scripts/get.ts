import http from 'k6/http'

/** The loop that is measured: nothing but a GET. */
export default function get(): void {
  http.get(__ENV.URL as string)
}
