// The guard of a ledger as named pieces of DDL, by the statement that they belong to. A test leaves one out at a time.
export type Guards = Readonly<Record<string, Readonly<Record<string, string>>>>
