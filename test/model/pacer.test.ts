import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pacer, type Paced } from '../../src/model/pacer.ts';

const { signal } = new AbortController();

/** In which order requests go on that each give way twice, by their names. */
async function orderOf(requests: Readonly<Record<string, Paced['caller']>>): Promise<string> {
  const wentOn: string[] = [];
  const work = async ([name, caller]: readonly [string, Paced['caller']]): Promise<void> => {
    const pacer = new Pacer({ signal, caller });
    for (let pause = 0; pause < 2; pause++) {
      await pacer.breathe();
      wentOn.push(name);
    }
  };
  await Promise.all(Object.entries(requests).map(work));
  return wentOn.join(' ');
}

test('requests of one tenant give way to those of another, from whichever addresses they come', async () => {
  const order = await orderOf({
    a1: { tenant: 'a', client: '10.0.0.1' },
    a2: { tenant: 'a', client: '10.0.0.2' },
    a3: { tenant: 'a', client: '10.0.0.3' },
    b: { tenant: 'b', client: '10.0.0.1' },
  });
  assert.equal(order, 'a1 b a2 b a3 a1 a2 a3');
});

test('without tenants clients give way to each other, and to the gateway itself', async () => {
  const [one, other] = [
    { tenant: '', client: '10.0.0.1' },
    { tenant: '', client: '10.0.0.2' },
  ];
  assert.equal(
    await orderOf({ one1: one, one2: one, other, own: undefined }),
    'one1 other own one2 other own one1 one2',
  );
});

test('tenants that are named together take turns as one, in whatever order they are named', async () => {
  const named = (tenant: string): Paced['caller'] => ({ tenant, client: '' });
  const order = await orderOf({ ab: named('a|b'), ba: named('b|a'), c: named('c') });
  assert.equal(order, 'ab c ba c ab ba');
});
