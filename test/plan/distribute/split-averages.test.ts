import { distributes, keeps } from './explains.ts';

distributes(
  'avg by (job) (a)',
  `
    of series, or of what was merged
      aggregate avg by (job)
        select #0
      binary / one-to-one
        merge with what servers computed
          aggregate sum by (job)
            select #0
        merge with what servers computed
          aggregate count by (job)
            select #0
    #0 fetches {__name__="a"} in [700001, 2000000], or asks for sum by (job) ({__name__="a",__name__!=""}) and count by (job) ({__name__="a",__name__!=""})
`,
);

keeps('avg(a / b)');
// A quotient has no name.
keeps('avg by (job, __name__) (a)');
