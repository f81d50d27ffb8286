import { test } from 'node:test';
import { rotateUnderLoad } from '../../access/rotation.ts';

test('secrets of every kind change twenty times while clients ask, and no request fails', (t) =>
  rotateUnderLoad(t, 20));
