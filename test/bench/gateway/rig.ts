import { join } from 'node:path'
import { launch } from '../../../harness/target/launch.ts'
import type { Running } from '../../../harness/target/port.ts'
import { freePorts } from '../../../harness/target/ports.ts'
import { openProbeReceiver, type ProbeReceiver } from '../../../harness/target/probe-receiver.ts'
import { nodeFlags } from '../../../scenarios/campaigns/node-flags.ts'
import type { GatewayBench } from './bench.ts'

const services = join(import.meta.dirname, '../../../reference-server/services/main.ts')
const gateway = join(import.meta.dirname, '../../../reference-server/gateway/main.ts')

/** The gateway and the services that it needs, in processes of their own. */
export interface Rig {
  /** `http://127.0.0.1:4711` */
  url: string
  gatewayPid: number
  /** Spawn to the first `/readyz` that was answered well. */
  bootMs: number
  /** The services over plain HTTP. */
  servicesUrl: string
  servicesPid: number
  /** What the gateway says of itself from inside; only where a probe was asked for. */
  probe: ProbeReceiver | undefined
}

export interface RigSettings {
  /** Added to the environment of the services. */
  services?: Record<string, string>
  /** Preload the harness's probe into the gateway. */
  probe?: boolean
}

/** Variant `optimized`, one worker, with its embedded database; all of it is there for as long as the work takes. */
export async function withGateway<T>(
  bench: GatewayBench,
  settings: RigSettings,
  work: (rig: Rig) => Promise<T>,
): Promise<T> {
  return withServices(bench, settings.services ?? {}, async (stubs) => {
    const probe = settings.probe ? await openProbeReceiver() : undefined
    try {
      const running = await startGateway(bench, stubs, probe)
      try {
        const { pid: gatewayPid, bootMs, port } = running
        const { servicesUrl, servicesPid } = stubs
        return await work({ url: `http://127.0.0.1:${port}`, gatewayPid, bootMs, servicesUrl, servicesPid, probe })
      } finally {
        await running.stop()
      }
    } finally {
      await probe?.close()
    }
  })
}

interface Services extends Pick<Rig, 'servicesUrl' | 'servicesPid'> {
  tlsUrl: string
}

async function withServices<T>(
  { dir, generatorCpus }: GatewayBench,
  env: Record<string, string>,
  work: (services: Services) => Promise<T>,
): Promise<T> {
  const [port, tlsPort] = (await freePorts(2)) as [number, number]
  const running = await launch({
    title: 'services',
    command: [process.execPath, ...nodeFlags, services, '--port', `${port}`, '--tls-port', `${tlsPort}`],
    cwd: dir,
    env: { TLS_DIR: join(dir, 'tls'), ...env },
    port,
    ready: { http: '/healthz', timeoutMs: 20_000 },
    cpus: generatorCpus,
    logFile: join(dir, 'services.log'),
    stopTimeoutMs: 2_000,
    probe: false,
  })
  try {
    return await work({
      servicesUrl: `http://127.0.0.1:${port}`,
      servicesPid: running.pid,
      tlsUrl: `https://localhost:${tlsPort}`,
    })
  } finally {
    await running.stop()
  }
}

async function startGateway(
  { dir, targetCpus }: GatewayBench,
  { servicesUrl, tlsUrl }: Services,
  probe: ProbeReceiver | undefined,
): Promise<Running & { port: number }> {
  const [port] = (await freePorts(1)) as [number]
  const spec = {
    title: 'gateway',
    command: [process.execPath, ...nodeFlags, gateway, '--variant', 'optimized', '--port', `${port}`],
    cwd: dir,
    env: { MODEL_URL: tlsUrl, KNOWLEDGE_URL: servicesUrl, TLS_DIR: join(dir, 'tls'), DATABASE_DIR: dir },
    port,
    ready: { http: '/readyz', timeoutMs: 20_000 },
    cpus: targetCpus,
    logFile: join(dir, 'gateway.log'),
    stopTimeoutMs: 20_000,
    probe: probe !== undefined,
  }
  return { ...(await launch(spec, probe)), port }
}

/** What the gateway itself has counted: the value of a line of `/metrics`, 0 where there is none (yet). */
export async function metricOf({ url }: Rig, line: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const found = text.split('\n').find((each) => each.startsWith(`${line} `))
  return found === undefined ? 0 : Number(found.slice(line.length + 1))
}
