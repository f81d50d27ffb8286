/**
 * Kubernetes objects against the schemas of the API server, of the Prometheus operator and of the Gateway API, which
 * `kubernetes-models` has as compiled validators. They take keys that they do not know, so what they do not look at is found
 * by watching them.
 */
import { HTTPRoute } from '@kubernetes-models/gateway-api/gateway.networking.k8s.io/v1/HTTPRoute';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Role } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role';
import { RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';

interface Model {
  readonly apiVersion: string;
  readonly kind: string;
  readonly prototype: { validate(): void };
}

const MODELS: ReadonlyMap<string, Model> = new Map(
  [
    ConfigMap,
    Deployment,
    HTTPRoute,
    HorizontalPodAutoscaler,
    Ingress,
    NetworkPolicy,
    PodDisruptionBudget,
    PrometheusRule,
    Role,
    RoleBinding,
    Secret,
    Service,
    ServiceAccount,
    ServiceMonitor,
    StatefulSet,
  ].map((model: Model) => [`${model.apiVersion} ${model.kind}`, model] as const),
);

/** What is wrong with an object, each with the path to it; empty where it is right. */
export function objectProblems(object: unknown): readonly string[] {
  const { apiVersion, kind } = object as { readonly apiVersion?: string; readonly kind?: string };
  const model = MODELS.get(`${apiVersion} ${kind}`);
  if (model === undefined) return [`no schema is known for ${apiVersion} ${kind}; name it in MODELS`];
  const seen = new Set<string>();
  const wrong: string[] = [];
  try {
    // An object without those that the model would copy, so that the keys of the given one are watched.
    model.prototype.validate.call(watched(object, '', seen));
  } catch (thrown) {
    wrong.push((thrown as Error).message);
  }
  return [...wrong, ...unseenKeys(object, '', seen).map((path) => `${path} is no key of ${kind}`)];
}

/** The same value, whose keys are noted down as they are read. */
function watched(value: unknown, path: string, seen: Set<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value, {
    get(target, key): unknown {
      const held: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return held;
      seen.add(`${path}/${key}`);
      return watched(held, `${path}/${key}`, seen);
    },
  });
}

/** Keys that were not read: no schema knows them. */
function unseenKeys(value: unknown, path: string, seen: ReadonlySet<string>): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.keys(value).flatMap((key) =>
    seen.has(`${path}/${key}`)
      ? unseenKeys((value as Readonly<Record<string, unknown>>)[key], `${path}/${key}`, seen)
      : [`${path}/${key}`],
  );
}
