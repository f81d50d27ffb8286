/** Whether endpoints that differ by replica label alone hold the same series; `auto` compares their targets. */
export type Replication = 'auto' | 'redundant' | 'disjoint';
