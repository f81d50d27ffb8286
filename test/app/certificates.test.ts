import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificatesIn, firstExpiry } from '../../src/app/certificates.ts';
import { CERTIFICATES, RENEWED } from '../support/certificates.ts';

const EARLIER = CERTIFICATES.server.cert;
const LATER = RENEWED.server.cert;

test('a text has the certificates that are whole', () => {
  assert.equal(certificatesIn(`${EARLIER}some words\n${LATER}`).length, 2);
  assert.equal(certificatesIn(EARLIER.slice(0, -20)).length, 0);
});

test('it expires when the first of its certificates does', () => {
  const [first, second] = [firstExpiry(EARLIER)!, firstExpiry(LATER)!];
  assert.equal(new Date(first).toISOString(), '2126-10-30T08:44:44.000Z');
  assert.ok(first < second);
  assert.equal(firstExpiry(LATER + EARLIER), first);
});

test('a text without a certificate never expires, and one that is damaged is passed over', () => {
  const damaged = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  assert.equal(firstExpiry(undefined), undefined);
  assert.equal(firstExpiry(''), undefined);
  assert.equal(firstExpiry(damaged), undefined);
  assert.equal(firstExpiry(damaged + LATER), firstExpiry(LATER));
});
