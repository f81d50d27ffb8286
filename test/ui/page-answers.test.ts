import { inBrowser } from './in-browser.ts';
import { answersSuite } from './suites/answers.ts';
import { cardinalitySuite } from './suites/cardinality.ts';
import { deliverySuite } from './suites/delivery.ts';
import { heatmapsSuite } from './suites/heatmaps.ts';
import { hostileSuite } from './suites/hostile.ts';
import { installationSuite } from './suites/installation.ts';
import { limitsSuite } from './suites/limits.ts';
import { outagesSuite } from './suites/outages.ts';
import { refreshSuite } from './suites/refresh.ts';
import { replicasSuite } from './suites/replicas.ts';
import { roomsSuite } from './suites/rooms.ts';
import { tenantsSuite } from './suites/tenants.ts';

// What the page makes of answers, each made for its test, and of servers that fail.
inBrowser('the page over answers of every kind', [
  answersSuite,
  cardinalitySuite,
  deliverySuite,
  heatmapsSuite,
  hostileSuite,
  installationSuite,
  limitsSuite,
  outagesSuite,
  refreshSuite,
  replicasSuite,
  roomsSuite,
  tenantsSuite,
]);
