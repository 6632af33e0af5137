/** What the gateway tells of itself at `GET /metrics`. */
import http from 'k6/http'
import { baseUrl } from './turn.ts'

export const metricsPage = (): string => String(http.get(`${baseUrl}/metrics`).body)

/** A gauge or counter, of all labels and workers together; undefined where the page does not have it. */
export function sumOf(page: string, name: string): number | undefined {
  const values = page
    .split('\n')
    .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)))
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)
}
