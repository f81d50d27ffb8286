/** Names that are no tenant's, since none has a space. */
export const OTHERS = 'other tenants';

/** Tenants that are told apart. */
const MOST_NAMED = 50;
/** Tenants that are counted so that it shows when one of them becomes one of the busiest. */
const MOST_COUNTED = 1000;
/** So many times the requests of the least of the named ones has to have who takes its place, so that two do not take turns. */
const BUSIER = 1.25;

/**
 * Finds the tenants with the most requests among any number of them, in bounded memory. A tenant that is displaced counts among the
 * others from then on, and begins anew where it comes back: what was counted under a name never falls.
 */
export class BusiestTenants {
  readonly #onDisplaced: (tenant: string) => void;
  readonly #mostNamed: number;
  readonly #named = new Map<string, number>();
  /** Of those that are not named, in the order of their last request. */
  readonly #counted = new Map<string, number>();
  /** A bound below the requests of each named one, so that they are seldom looked through. */
  #least = 0;

  /** @param onDisplaced hears of each tenant that is no longer named. */
  constructor(onDisplaced: (tenant: string) => void, mostNamed: number = MOST_NAMED) {
    this.#onDisplaced = onDisplaced;
    this.#mostNamed = mostNamed;
  }

  /** Counts a request. */
  count(tenant: string): void {
    const known = this.#named.get(tenant);
    if (known !== undefined) {
      this.#named.set(tenant, known + 1);
      return;
    }
    const requests = (this.#counted.get(tenant) ?? 0) + 1;
    this.#counted.delete(tenant);
    if (this.#named.size < this.#mostNamed) this.#named.set(tenant, requests);
    else if (requests > this.#least * BUSIER && this.#displace(requests)) this.#named.set(tenant, requests);
    else this.#keep(tenant, requests);
  }

  /** Under which name a tenant counts. */
  nameOf(tenant: string): string {
    return this.#named.has(tenant) ? tenant : OTHERS;
  }

  /** False where no named tenant has so few requests. */
  #displace(requests: number): boolean {
    let least: string | undefined;
    this.#least = Infinity;
    for (const [tenant, count] of this.#named)
      if (count < this.#least) {
        least = tenant;
        this.#least = count;
      }
    if (least === undefined || requests <= this.#least * BUSIER) return false;
    this.#named.delete(least);
    this.#keep(least, this.#least);
    this.#onDisplaced(least);
    return true;
  }

  #keep(tenant: string, requests: number): void {
    this.#counted.set(tenant, requests);
    if (this.#counted.size <= MOST_COUNTED) return;
    const [oldest] = this.#counted.keys();
    this.#counted.delete(oldest!);
  }
}
