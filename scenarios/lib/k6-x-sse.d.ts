/** The extension xk6-sse, as far as the scenarios use it: weir has it, stock k6 needs a build with it. */
declare module 'k6/x/sse' {
  export interface SseEvent {
    id: string
    name: string
    data: string
    comment: string
  }

  export interface SseClient {
    on(event: 'open', handler: () => void): void
    on(event: 'event', handler: (event: SseEvent) => void): void
    on(event: 'error', handler: (error: { error(): string }) => void): void
    close(): void
  }

  export interface SseResponse {
    url: string
    status: number
    headers: Record<string, string>
    error: string
  }

  export interface SseParams {
    method?: string
    body?: string
    headers?: Record<string, string>
    tags?: Record<string, string>
    timeout?: string
  }

  /** Stands still until the stream is over. */
  export function open(url: string, params: SseParams, setUp: (client: SseClient) => void): SseResponse

  const sse: { open: typeof open }
  export default sse
}
