/** Why a tool gives no result, in words for the model. Anything else that a tool throws is the gateway's fault. */
export class ToolFailure extends Error {
  override name = 'ToolFailure'
}
