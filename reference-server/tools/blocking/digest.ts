import { pbkdf2Sync } from 'node:crypto'

export interface DigestArguments {
  text: string
  salt?: string
  iterations: number
}

/** PBKDF2 with SHA-256; a million iterations take about a third of a second. */
export const digest = ({ text, salt = '', iterations }: DigestArguments): string =>
  pbkdf2Sync(text, salt, iterations, 32, 'sha256').toString('hex')
