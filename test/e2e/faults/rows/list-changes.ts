import { setTimeout as sleep } from 'node:timers/promises';
import { FileList } from './lists/file-list.ts';
import { listRow } from './lists/list-row.ts';
import { SliceList } from './lists/slice-list.ts';
import { SrvList } from './lists/srv-list.ts';
import type { FaultRow } from './row.ts';

/** A file is half written for so long, ms, which is less than a gateway waits until it believes it, and then whole for so long. */
const HALF_MS = 800;
const WHOLE_MS = 1100;
/** A gateway pauses longer and longer behind watches that end within a second, which is not what is tried here. */
const BETWEEN_CUTS_MS = 1500;

/** What goes wrong where endpoints are found: no query fails, and the next change is used within one look. */
export const LIST_ROWS: readonly FaultRow[] = [
  listRow('srv-changes', {
    start: () => SrvList.start(),
    before: (_list, _now, _next, ms) => sleep(ms),
    behind: () => {},
  }),
  listRow('dns-down', {
    start: () => SrvList.start(),
    before: async (list, _now, _next, ms) => {
      list.setSilent(true);
      await sleep(ms);
    },
    behind: (list) => list.setSilent(false),
    // A question that is under way when it is back waits for its time, and so does the next look behind it.
    longerMs: 6000,
  }),
  listRow('file-half-written', {
    start: () => FileList.start(),
    before: async (list, now, next, ms) => {
      for (const end = Date.now() + ms; Date.now() < end;) {
        await list.writeHalf(next);
        await sleep(HALF_MS);
        await list.name(now);
        await sleep(WHOLE_MS);
      }
    },
    behind: () => {},
    // What has changed is looked at twice.
    longerMs: 1000,
  }),
  listRow('api-server-gone', {
    start: () => SliceList.start(),
    before: async (list, _now, _next, ms) => {
      await list.setAway(true);
      await sleep(ms);
    },
    behind: (list) => list.setAway(false),
  }),
  listRow('api-server-forgets', {
    start: () => SliceList.start(),
    before: async (list, _now, _next, ms) => {
      await list.setAway(true);
      await sleep(ms);
    },
    behind: (list) => {
      list.forget();
      return list.setAway(false);
    },
  }),
  listRow('watch-cut', {
    start: () => SliceList.start(),
    before: async (list, _now, _next, ms) => {
      for (const end = Date.now() + ms; Date.now() < end;) {
        list.cut();
        await sleep(BETWEEN_CUTS_MS);
      }
    },
    behind: () => {},
  }),
];
