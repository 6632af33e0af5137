import { html } from '../../html.ts'
import { formula, type Topic } from './topic.ts'

export const latencies: Topic = {
  title: 'Two latencies',
  render:
    () => html`<p><em>Service</em> time runs from when a request is handed to the socket to the last byte of its answer. <em>Intended</em> time also counts the wait before that: it begins when the request should have started by the schedule, or when the pause of a session was over. Somebody waiting feels the intended time, so the verdicts stand on it. A server that stalls makes later requests late; service time alone would not show them. In a closed loop without pauses the two are the same.</p>
${formula('queue = handed to the socket − intended start')}${formula('service = last byte of the answer − handed to the socket')}${formula('intended = queue + service = last byte of the answer − intended start')}`,
}

/** In the words of those who serve language models; `n` is how many pieces of content came. */
export const streams: Topic = {
  title: 'Streams',
  render: ({ records }) =>
    records.some(({ observations }) => observations.some(({ metric }) => ofStreams.test(metric)))
      ? html`<p>An answer that comes piece by piece is measured by its content events; those without content do not count.</p>
${formula('time to first token (TTFT) = first content − intended start')}${formula('time between tokens (ITL), mean = (last content − first content) ÷ (n − 1)')}${formula('gap = one content − the content before it')}${formula('time per output token (TPOT) = (whole answer − TTFT) ÷ (tokens − 1)')}${formula('whole answer (E2E) = last content − intended start')}${formula('goodput = answers per second that keep every limit that is given for them')}${formula('lateness of a token = when it came − its place × the pace of the model')}${formula('delay of a token = its lateness − the smallest lateness of its answer')}`
      : null,
}

const ofStreams = /ttft|token|sse_event|updates_per_second/
