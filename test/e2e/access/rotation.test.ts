import { test } from 'node:test';
import { rotateUnderLoad } from './rotation.ts';

test('secrets of every kind change while clients ask, and no request fails', (t) => rotateUnderLoad(t, 2));
