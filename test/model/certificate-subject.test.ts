import assert from 'node:assert/strict';
import { test } from 'node:test';
import { userOf } from '../../src/model/certificate-subject.ts';

test('a certificate names its user by its first common name', () => {
  assert.equal(userOf({ CN: 'grafana', O: 'web' }), 'grafana');
  assert.equal(userOf({ CN: ['grafana', 'prometheus'] }), 'grafana');
  assert.equal(userOf({ O: 'web' }), '');
});
