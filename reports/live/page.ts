import { html } from '../html.ts'
import { pageDocument } from '../page/shell.ts'

/**
 * The page of what is being measured now, the same for everybody: what it shows it asks the server for that it came from.
 *
 * @param command `weir run main`
 */
export const renderLivePage = (command: string): Promise<string> =>
  pageDocument(
    `live: ${command}`,
    html`<main class="live">
<header class="page-head">
<p class="run-name">weir <span aria-hidden="true">·</span> live</p>
<h1>${command}</h1>
<p class="answer" id="trial">Waiting for the first trial</p>
<p class="facts" id="stage"></p>
<p class="course" id="course" hidden><progress id="share" max="1" value="0" aria-label="Share of the time that is over"></progress> <span id="left"></span></p>
<p class="status" id="connection" hidden>Connection lost, trying again. What is shown is what was known before.</p>
<p class="announcement" id="announcement" role="status" aria-live="polite"></p>
</header>
<section id="ending" aria-labelledby="ending-title" hidden>
<h2 id="ending-title"></h2>
<p id="report"></p>
<pre id="verdicts" role="region" tabindex="0" aria-labelledby="ending-title"></pre>
</section>
<section id="now" aria-labelledby="now-title" hidden>
<h2 id="now-title">This second</h2>
<dl class="readings" id="readings"></dl>
</section>
<section id="seconds" aria-labelledby="seconds-title" hidden>
<h2 id="seconds-title">Second by second</h2>
<div class="charts" id="charts"></div>
</section>
<section id="log" aria-labelledby="log-title" hidden>
<h2 id="log-title">So far</h2>
<pre id="lines" role="log" aria-live="off" tabindex="0" aria-labelledby="log-title"></pre>
</section>
<noscript><p class="status">This page needs JavaScript; the terminal shows the same.</p></noscript>
</main>`,
    null,
    { script: 'live', asksItsServer: true },
  )
