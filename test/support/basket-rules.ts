/** Rules over what a target tells of a basket: one that records, one that fires, and one that is not evaluated yet. */
export const BASKET_RULES: string = `groups:
- name: basket
  interval: 1s
  rules:
  - record: basket:apples:sum
    expr: sum(basket_apples)
    labels: { team: fruit }
  - alert: BasketIsFull
    expr: basket_apples > 5
    labels: { severity: page }
    annotations: { summary: '{{ $value }} {{ $labels.sort }}' }
- name: later
  interval: 1h
  rules:
  - alert: BasketIsEmpty
    expr: basket_apples == 0
    for: 10m
    labels: { severity: ticket }
`;
