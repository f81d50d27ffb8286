/** The Alertmanagers that a server has found, by the URL to which alerts are sent. */
export interface Alertmanagers {
  /** Alerts are sent to these. */
  readonly active: readonly string[];
  /** Found, and left out by relabelling. */
  readonly dropped: readonly string[];
}
