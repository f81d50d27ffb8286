/** thanos.PartialResponseStrategy: what a server does when a part of its data cannot be read. */
export const PartialResponseStrategy = {
  /** Answers with the rest and a warning. */
  warn: 0,
  /** Fails. */
  abort: 1,
} as const;

/** How a request asks for partial answers: by the strategy, and in an older form. */
export interface PartialResponseRequest {
  readonly partialResponseDisabled: boolean;
  /** A number of {@link PartialResponseStrategy}. */
  readonly partialResponseStrategy: number;
}

/** Whether a server with this strategy, a number of {@link PartialResponseStrategy}, may answer without a part. */
export function toleratesLoss(strategy: number): boolean {
  return strategy !== PartialResponseStrategy.abort;
}

/** As Thanos' own servers decide (pkg/store/proxy.go): either form can forbid partial answers. */
export function allowsPartialResponse(request: PartialResponseRequest): boolean {
  return !request.partialResponseDisabled && toleratesLoss(request.partialResponseStrategy);
}
