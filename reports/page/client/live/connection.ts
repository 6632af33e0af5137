import type { LiveState, LiveUpdate } from '../../../live/state.ts'
import { browser } from './browser.ts'

interface Listener {
  /** All that is known; after that come updates. */
  snapshot(state: LiveState): void
  update(update: LiveUpdate): void
  isConnected(isSo: boolean): void
}

const closed = 2
/** A browser tries again by itself where the connection broke, and gives up where somebody answered something else. */
const againMs = 2000

/** Listens to the server that the page came from, and goes on trying until `stop` is called. */
export function listen(listener: Listener): { stop(): void } {
  let isStopped = false
  let source = connect()
  function connect() {
    const events = new browser.EventSource('events')
    events.addEventListener('open', () => listener.isConnected(true))
    events.addEventListener('snapshot', ({ data }) => listener.snapshot(JSON.parse(data)))
    events.addEventListener('update', ({ data }) => listener.update(JSON.parse(data)))
    events.addEventListener('error', () => {
      if (isStopped) return
      listener.isConnected(false)
      if (events.readyState === closed) browser.setTimeout(() => isStopped || (source = connect()), againMs)
    })
    return events
  }
  return {
    stop() {
      isStopped = true
      source.close()
    },
  }
}
