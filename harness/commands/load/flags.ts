/** How a flag's text becomes the value of an option. */
export type FlagKind = 'switch' | 'whole' | 'text' | 'list' | 'stages' | 'tags' | 'repeated'

/** One flag of `k6 run`, or one that only weir has. */
export interface LoadFlag {
  name: string
  short?: string
  kind: FlagKind
  /** What the help calls its value. */
  value?: string
  /** The option of k6 that it sets, as in `export const options`. */
  option?: string
  /** The environment variable that stands for it: `K6_` and its name in capitals unless given. */
  env?: string
  /** What it means when nothing follows it: `--http-debug` is `--http-debug=headers`. */
  alone?: string
  help: string
  /** It is accepted because k6 has it; why it does nothing here. */
  without?: string
}

const noInterface = 'this engine has no REST interface'
const noCloud = 'this engine has nothing to do with the cloud of k6'
const inOneLanguage = 'scripts run in the JavaScript of Node.js'

export const loadFlags: readonly LoadFlag[] = [
  { name: 'vus', short: 'u', kind: 'whole', option: 'vus', value: 'N', help: 'virtual users' },
  { name: 'duration', short: 'd', kind: 'text', option: 'duration', value: 'TIME', help: 'how long, such as 30s or 1m30s' },
  { name: 'iterations', short: 'i', kind: 'whole', option: 'iterations', value: 'N', help: 'iterations, shared by all users' },
  { name: 'stage', short: 's', kind: 'stages', option: 'stages', env: 'K6_STAGES', value: 'TIME:N', help: 'a stage of a ramp (repeatable)' },
  { name: 'execution-segment', kind: 'text', option: 'executionSegment', env: '', value: 'PART', help: 'run this part of the test only: 10%, 1/3, 1/3:2/3' },
  { name: 'execution-segment-sequence', kind: 'text', option: 'executionSegmentSequence', env: '', value: 'PARTS', help: 'how the test is divided: 0,1/3,2/3,1' },
  { name: 'generators', kind: 'whole', env: '', value: 'N', help: 'processes that share the load (default: cores minus one)' },
  { name: 'env', short: 'e', kind: 'repeated', env: '', value: 'KEY=VALUE', help: 'a variable of the script, __ENV.KEY (repeatable)' },
  { name: 'include-system-env-vars', kind: 'switch', help: 'give the script the environment, too (default true)' },
  { name: 'config', short: 'c', kind: 'text', value: 'FILE', help: "JSON with options that the script's own win over" },
  { name: 'tag', kind: 'tags', option: 'tags', env: 'K6_TAGS', value: 'NAME=VALUE', help: 'a tag on every sample (repeatable)' },
  { name: 'system-tags', kind: 'list', option: 'systemTags', value: 'TAGS', help: 'only these system tags on samples' },
  { name: 'rps', kind: 'whole', option: 'rps', value: 'N', help: 'at most so many HTTP requests per second' },
  { name: 'min-iteration-duration', kind: 'text', option: 'minIterationDuration', value: 'TIME', help: 'users wait until an iteration took so long' },
  { name: 'paused', short: 'p', kind: 'switch', option: 'paused', help: 'start paused', without: 'nobody could resume the load' },
  { name: 'no-setup', kind: 'switch', option: 'noSetup', help: 'leave out setup()' },
  { name: 'no-teardown', kind: 'switch', option: 'noTeardown', help: 'leave out teardown()' },
  { name: 'throw', short: 'w', kind: 'switch', option: 'throw', help: 'failed requests throw' },
  { name: 'user-agent', kind: 'text', option: 'userAgent', value: 'TEXT', help: 'User-Agent of HTTP requests' },
  { name: 'max-redirects', kind: 'whole', option: 'maxRedirects', value: 'N', help: 'redirects that are followed (default 10)' },
  { name: 'batch', kind: 'whole', option: 'batch', value: 'N', help: 'requests of a batch at a time (default 20)' },
  { name: 'batch-per-host', kind: 'whole', option: 'batchPerHost', value: 'N', help: 'the same for each host (default 6)' },
  { name: 'discard-response-bodies', kind: 'switch', option: 'discardResponseBodies', help: 'read bodies and forget them' },
  { name: 'http-debug', kind: 'text', option: 'httpDebug', alone: 'headers', value: 'full', help: 'log requests and responses' },
  { name: 'insecure-skip-tls-verify', kind: 'switch', option: 'insecureSkipTLSVerify', help: 'accept any certificate' },
  { name: 'no-connection-reuse', kind: 'switch', option: 'noConnectionReuse', help: 'a connection for each request' },
  { name: 'no-vu-connection-reuse', kind: 'switch', option: 'noVUConnectionReuse', help: 'new connections for each iteration' },
  { name: 'dns', kind: 'text', option: 'dns', value: 'RULES', help: 'ttl=5m,select=random,policy=preferIPv4' },
  { name: 'block-hostnames', kind: 'list', option: 'blockHostnames', value: 'NAMES', help: 'hosts that are not called (repeatable)' },
  { name: 'blacklist-ip', kind: 'list', option: 'blacklistIPs', env: 'K6_BLACKLIST_IPS', value: 'RANGE', help: 'addresses that are not called (repeatable)' },
  { name: 'local-ips', kind: 'text', option: 'localIPs', value: 'RANGES', help: 'addresses to call from' },
  { name: 'out', short: 'o', kind: 'repeated', value: 'TYPE=FILE', help: 'write every sample: json=FILE or csv=FILE; .gz compresses (repeatable)' },
  { name: 'summary-mode', kind: 'text', value: 'MODE', help: 'compact, full or disabled' },
  { name: 'no-summary', kind: 'switch', help: 'no summary at the end' },
  { name: 'summary-export', kind: 'text', value: 'FILE', help: "write the summary as JSON, in k6's format" },
  { name: 'new-machine-readable-summary', kind: 'switch', help: 'the exported summary in the newer format' },
  { name: 'summary-trend-stats', kind: 'list', option: 'summaryTrendStats', value: 'STATS', help: 'what is shown of trends: avg,p(99),...' },
  { name: 'summary-time-unit', kind: 'text', option: 'summaryTimeUnit', value: 'UNIT', help: 's, ms or us' },
  { name: 'no-thresholds', kind: 'switch', help: 'leave out thresholds' },
  { name: 'console-output', kind: 'text', value: 'FILE', help: 'what the script logs goes to this file' },
  { name: 'log-output', kind: 'text', value: 'WHERE', help: 'stderr, stdout, none or file=PATH' },
  { name: 'log-format', kind: 'text', value: 'FORMAT', help: 'raw or json' },
  { name: 'verbose', short: 'v', kind: 'switch', env: '', help: 'log debugging messages, too' },
  { name: 'quiet', short: 'q', kind: 'switch', env: '', help: 'no progress' },
  { name: 'live', kind: 'text', env: '', alone: '0', value: 'PORT', help: 'a page of this machine shows the load while it runs' },
  { name: 'no-color', kind: 'switch', help: 'no colours' },
  { name: 'type', short: 't', kind: 'text', value: 'TYPE', help: 'js' },
  { name: 'compatibility-mode', kind: 'text', value: 'MODE', help: 'for scripts of k6', without: inOneLanguage },
  { name: 'linger', short: 'l', kind: 'switch', option: 'linger', help: 'stay after the end', without: noInterface },
  { name: 'address', short: 'a', kind: 'text', value: 'ADDRESS', env: '', help: 'address of the REST interface', without: noInterface },
  { name: 'profiling-enabled', kind: 'switch', help: 'profile k6', without: noInterface },
  { name: 'traces-output', kind: 'text', value: 'WHERE', help: 'traces', without: 'this engine writes no traces' },
  { name: 'secret-source', kind: 'repeated', value: 'SOURCE', help: 'secrets', without: 'k6/secrets is not provided' },
  { name: 'no-usage-report', kind: 'switch', option: 'noUsageReport', help: 'nothing is ever reported' },
  { name: 'no-archive-upload', kind: 'switch', env: '', help: 'nothing is ever uploaded', without: noCloud },
] // biome-ignore format: one row a flag

/** Options that k6 reads from the environment and has no flag for. */
export const environmentOptions: readonly Pick<LoadFlag, 'name' | 'kind' | 'option'>[] = [
  { name: 'setup-timeout', kind: 'text', option: 'setupTimeout' },
  { name: 'teardown-timeout', kind: 'text', option: 'teardownTimeout' },
  { name: 'no-cookies-reset', kind: 'switch', option: 'noCookiesReset' },
]

/** `K6_NO_SETUP`; empty where no variable stands for the flag. */
export const variableOf = ({ name, env }: Pick<LoadFlag, 'name' | 'env'>): string =>
  env ?? `K6_${name.toUpperCase().replaceAll('-', '_')}`

const exitCodesHelp = `Every option of k6 can also come as a variable: K6_VUS, K6_DURATION, K6_STAGES, K6_TAGS, ... A flag wins over a variable, that
over the script, that over --config. The script can be "-" for standard input.

Exit codes are k6's: 0, 99 a threshold was crossed, 104 invalid configuration, 105 interrupted, 107 the script threw, 108 it aborted.`

/** What `weir load --help` tells of the flags. */
export function loadHelp(): string {
  const rows = loadFlags
    .filter(({ without }) => without === undefined)
    .map((flag) => [usageOf(flag), flag.help] as const)
  const width = Math.max(...rows.map(([usage]) => usage.length))
  const lines = rows.map(([usage, help]) => `  ${usage.padEnd(width)}  ${help}`)
  const idle = loadFlags.filter(({ without }) => without !== undefined).map(({ name }) => `--${name}`)
  return [...lines, '', `Accepted as k6 has them, and without effect: ${idle.join(', ')}`, '', exitCodesHelp].join('\n')
}

const usageOf = ({ name, short, value, alone }: LoadFlag): string =>
  `${short ? `-${short}, ` : '    '}--${name}${value === undefined ? '' : alone === undefined ? ` ${value}` : `[=${value}]`}`
