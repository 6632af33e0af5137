import http from 'k6/http'

/** What `warm-engine.ts` runs: the shortest way through the engine. */
export default function get(): void {
  http.get(__ENV.URL as string)
}
