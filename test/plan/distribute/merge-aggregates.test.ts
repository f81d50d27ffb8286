import { distributes, keeps } from './explains.ts';

distributes(
  'sum by (job) (rate(http_requests_total{code=~"5.."}[5m] offset 1m))',
  `
    merge with what servers computed
      aggregate sum by (job)
        call rate
          range 5m
            select #0 offset 1m
    #0 fetches {code=~"5..", __name__="http_requests_total"} in [640001, 1940000], or asks for sum by (job) (rate({code=~"5..",__name__="http_requests_total",__name__!=""}[300000ms] offset 60000ms))
`,
);

distributes(
  'max without (pod) (-clamp(a, 0, 1e3) * 1.5 > bool -Inf)',
  `
    merge with what servers computed
      aggregate max without (pod)
        binary > bool
          binary *
            unary -
              call clamp
                select #0
                number 0
                number 1000
            number 1.5
          number -Infinity
    #0 fetches {__name__="a"} in [700001, 2000000], or asks for max without (pod) ((((-clamp({__name__="a",__name__!=""}, 0, 1000)) * 1.5) > bool -Inf))
`,
);

distributes(
  'histogram_quantile(0.9, sum by (le) (rate(b[5m]))) / on () count(b)',
  `
    binary / one-to-one on ()
      call histogram_quantile
        number 0.9
        merge with what servers computed
          aggregate sum by (le)
            call rate
              range 5m
                select #0
      merge with what servers computed
        aggregate count
          select #0
    #0 fetches {__name__="b"} in [700001, 2000000], or asks for sum by (le) (rate({__name__="b",__name__!=""}[300000ms])) and count({__name__="b",__name__!=""})
`,
);

distributes(
  'sum by (host) (label_replace(rate(a[5m]), "host", "$1", "instance", "(.*):[0-9]+"))',
  `
    merge with what servers computed
      aggregate sum by (host)
        call label_replace
          call rate
            range 5m
              select #0
          string "host"
          string "$1"
          string "instance"
          string "(.*):[0-9]+"
    #0 fetches {__name__="a"} in [700001, 2000000], or asks for sum by (host) (label_replace(rate({__name__="a",__name__!=""}[300000ms]), "host", "$1", "instance", "(.*):[0-9]+"))
`,
);

distributes(
  'count by (at) (label_join(a, "at", "/", "job", "instance") > 1)',
  `
    merge with what servers computed
      aggregate count by (at)
        binary >
          call label_join
            select #0
            string "at"
            string "/"
            string "job"
            string "instance"
          number 1
    #0 fetches {__name__="a"} in [700001, 2000000], or asks for count by (at) ((label_join({__name__="a",__name__!=""}, "at", "/", "job", "instance") > 1))
`,
);

// The series are read in any case, and so are shared.
distributes(
  'sum(a) + on () group_right () a',
  `
    binary + one-to-many on ()
      merge with what servers computed
        aggregate sum
          select #0
      select #0
    #0 fetches {__name__="a"} in [700001, 2000000]
`,
);

// Series of several servers meet, or are chosen among.
keeps('sum(a / b)');
keeps('sum(a or b)');
keeps('stddev(a)');
keeps('quantile(0.5, a)');
keeps('topk(3, a)');
keeps('count_values("v", a)');
// Which groups come first depends on who computed them.
keeps('limitk(2, sum by (job) (a))');
keeps('limitk by (x) (1, abs(avg by (job, x) (a)) or max(b))');
// What is fixed in time, lies ahead, or has steps of its own.
keeps('sum(a @ 1500)');
keeps('sum(a offset -1m)');
keeps('max_over_time(sum(a)[5m:1m])');
keeps('sum(rate(a[5m:1m]))');
// The result is not that of single series.
keeps('sum(absent_over_time(a[5m]))');
// When the name of a metric is dropped depends on a feature.
keeps('sum(label_replace(a, "x", "$1", "__name__", "(.*)"))');
keeps('sum(label_join(rate(a[5m]), "__name__", "", "x"))');
// A parameter, extents, and what a server may not have.
keeps('topk(scalar(sum(a)), b)');
keeps('sum(rate(a[5m] anchored))');
keeps('sum(mad_over_time(a[5m]))');
keeps('histogram_count(sum(rate(a[5m])))');
keeps('1 + 1');
