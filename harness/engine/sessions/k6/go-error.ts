/** What k6 itself throws at a script: its errors come out of Go, and scripts see them under this name. */
export class GoError extends Error {
  override name = 'GoError'
}
