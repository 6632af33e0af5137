import sse from 'k6/x/sse'

/** A stream that stays open: the server says when there is something to hear. */
export default function listen() {
  sse.open(__ENV.URL, (client) => {
    client.on('event', () => {})
  })
}
