/**
 * What Node is to be told when it runs the gateway, or the stubs that it talks to: `reference-server/gateway/main.ts` says why.
 * A stub that stands still to collect garbage would be counted as the gateway's.
 */
export const nodeFlags = ['--max-semi-space-size=8']
