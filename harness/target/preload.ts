/**
 * What has the Node processes of a target load a module before their own, on top of options that they already get.
 *
 * @param env what the target is started with beside this process's own environment
 */
export function withPreload(env: Record<string, string>, url: string): Record<string, string> {
  const options = env.NODE_OPTIONS ?? process.env.NODE_OPTIONS ?? ''
  return { ...env, NODE_OPTIONS: `${options} --import=${url}`.trim() }
}
