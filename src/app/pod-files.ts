import { existsSync } from 'node:fs';
import type { Config } from '../config/config.ts';
import { filesOf, withoutFiles } from '../config/folder.ts';
import { SERVICE_ACCOUNT } from '../config/discovery-schema.ts';

/** Kubernetes sets it in each container, and nothing else does. */
const OF_PODS = 'KUBERNETES_SERVICE_HOST';

/** What of a configuration can be checked here. */
export interface CheckedHere {
  readonly config: Config;
  /** Files that are not here, which says nothing of the configuration. */
  readonly unseen: readonly string[];
}

/**
 * Leaves out the files of the service account where they are not there outside of a pod: Kubernetes mounts them, so they are
 * nowhere else. In a pod, one that is not there is as missing as any other file.
 */
export function checkedHere(config: Config, environment: NodeJS.ProcessEnv = process.env): CheckedHere {
  const isUnseen = (file: string): boolean =>
    environment[OF_PODS] === undefined && file.startsWith(`${SERVICE_ACCOUNT}/`) && !existsSync(file);
  const unseen = [...new Set(filesOf(config).filter(isUnseen))];
  return unseen.length === 0 ? { config, unseen } : { config: withoutFiles(config, isUnseen), unseen };
}

/** A sentence about files that were not looked at; undefined where there is none. */
export function unseenFiles(unseen: readonly string[]): string | undefined {
  if (unseen.length === 0) return undefined;
  const were = unseen.length === 1 ? 'was' : 'were';
  return `${unseen.join(' and ')} ${were} not checked: Kubernetes puts files of the service account into pods alone, and this is none`;
}
