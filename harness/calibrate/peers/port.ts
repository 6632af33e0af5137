import type { StatName } from '../bands.ts'

/** A load that every tool can be asked for. */
export interface PeerLoad {
  url: string
  users: number
  seconds: number
  /** Requests a second over all users; null: as fast as answers come. */
  perSecond: number | null
  /** A folder for what the tool writes. */
  dir: string
}

/** Another tool that measures latencies. */
export interface Peer {
  name: string
  /** The command, or null where it is not installed. */
  find(): string[] | null
  /** Arguments for the load; null where it cannot hold a rate. */
  arguments(load: PeerLoad): string[] | null
  /** What it says of the latency, ms; a percentile that it does not tell is left out. */
  read(stdout: string, load: PeerLoad): Promise<Partial<Record<StatName, number>>>
}
