/** What the user can do about a refusal, by status. */
export const advice: Readonly<Partial<Record<number | "unreachable", string>>> = {
  401: "Check aptly:username and aptly:password, or APTLY_USERNAME and APTLY_PASSWORD.",
  403: "The proxy in front of aptly does not let this user do it.",
  404: "It, or something it is made from, is not on the server: run pulumi refresh, and check that aptly:url, or APTLY_URL, ends in /api.",
  409: "Something on the server still uses it: unpublish or delete that first.",
  429: "Others' changes kept this one waiting to the end of its patience: run pulumi up again later.",
  502: "The proxy in front of aptly has no aptly behind it: check that aptly runs.",
  503: "The proxy in front of aptly has no aptly behind it: check that aptly runs.",
  504: "The proxy in front of aptly stopped waiting: check that aptly runs, then run pulumi up again.",
  unreachable:
    "Check that aptly's API runs and that aptly:url, or APTLY_URL, is its address ending in /api.",
};
