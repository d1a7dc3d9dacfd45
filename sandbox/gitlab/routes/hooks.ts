/** Project webhooks. https://docs.gitlab.com/api/project_webhooks/ */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { findProject, role } from "../access.ts";
import { type Context, timestamp } from "../context.ts";
import type { Hook, Project } from "../entities.ts";
import { flag, paging, parameters, pathNumber, readInput, text } from "../input.ts";
import { created, noContent, pageOf, refusal } from "../reply.ts";

const events = [
  "push_events",
  "issues_events",
  "confidential_issues_events",
  "merge_requests_events",
  "tag_push_events",
  "note_events",
  "confidential_note_events",
  "job_events",
  "pipeline_events",
  "wiki_page_events",
  "deployment_events",
  "releases_events",
  "emoji_events",
  "feature_flag_events",
  "milestone_events",
  "resource_access_token_events",
  "resource_deploy_token_events",
  "repository_update_events",
] as const;

const switches = Object.fromEntries(events.map((name) => [name, flag.optional()]));
const pair = z.array(z.strictObject({ key: text, value: text }));

const settings = {
  ...switches,
  enable_ssl_verification: flag.optional(),
  name: text.nullable().optional(),
  description: text.nullable().optional(),
  push_events_branch_filter: text.nullable().optional(),
  branch_filter_strategy: z.enum(["wildcard", "regex", "all_branches"]).optional(),
  custom_webhook_template: text.nullable().optional(),
};

const secrets = {
  token: text.optional(),
  signing_token: text.optional(),
  custom_headers: pair.default([]),
  url_variables: pair.default([]),
};

const createInput = parameters({ url: text, ...settings, ...secrets });
const updateInput = parameters({ url: text.optional(), ...settings, ...secrets });

const defaults = {
  ...Object.fromEntries(events.map((name) => [name, name === "push_events"])),
  enable_ssl_verification: true,
  name: null,
  description: null,
  push_events_branch_filter: null,
  branch_filter_strategy: "wildcard",
  custom_webhook_template: null,
};

export function hookRoutes(api: FastifyInstance, context: Context): void {
  const { hooks } = context.store;
  const path = "/projects/:id/hooks";

  api.get(path, (request, reply) => {
    const input = readInput(request, parameters(paging));
    const project = findProject(request, context, role.maintainer);
    const rows = hooks.filter((row) => row.project_id === project.id);
    return pageOf(reply, rows, input).map(toHook);
  });

  api.get(`${path}/:hook_id`, (request) => {
    readInput(request, parameters({}));
    return toHook(findOne(request, findProject(request, context, role.maintainer)));
  });

  api.post(path, (request, reply) => {
    const input = readInput(request, createInput);
    const project = findProject(request, context, role.maintainer);
    refuseUrl(input.url);
    const row = hooks.insert({
      project_id: project.id,
      url: input.url,
      created_at: timestamp(context),
      token: input.token ?? null,
      custom_headers: input.custom_headers,
      url_variables: input.url_variables,
      settings: { ...defaults, ...pickSettings(input) },
    });
    return created(reply, toHook(row));
  });

  api.put(`${path}/:hook_id`, (request) => {
    const input = readInput(request, updateInput);
    const given = Object.keys(request.body ?? {});
    if (given.length === 0) throw refusal.parameters(["No parameters provided"]);
    const row = findOne(request, findProject(request, context, role.maintainer));
    const url = input.url ?? row.url;
    refuseUrl(url);
    return toHook(
      hooks.update(row, {
        url,
        token: input.token ?? row.token,
        custom_headers: merge(row.custom_headers, input.custom_headers),
        url_variables: merge(row.url_variables, input.url_variables),
        settings: { ...row.settings, ...pickSettings(input) },
      }),
    );
  });

  api.delete(`${path}/:hook_id`, (request, reply) => {
    readInput(request, parameters({}));
    hooks.delete(findOne(request, findProject(request, context, role.maintainer)));
    return noContent(reply);
  });

  function findOne(request: FastifyRequest, project: Project): Hook {
    const found = hooks.get(pathNumber(request, "hook_id"));
    if (found?.project_id !== project.id) throw refusal.rowNotFound();
    return found;
  }
}

function pickSettings(input: Record<string, unknown>): Record<string, unknown> {
  const known = Object.keys(settings).filter((name) => input[name] !== undefined);
  return Object.fromEntries(known.map((name) => [name, input[name]]));
}

/** Entries are added and replaced by key; leaving one out does not remove it. */
function merge(before: Hook["custom_headers"], given: Hook["custom_headers"]) {
  const named = new Map([...before, ...given].map((row) => [row.key, row]));
  return [...named.values()];
}

/** Addresses of the machine itself are refused, as on an instance that was not told otherwise. */
function refuseUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const isWeb = parsed && ["http:", "https:"].includes(parsed.protocol);
  if (!isWeb || /^(localhost|127\.|\[::1\])/.test(parsed.hostname))
    throw refusal.unprocessableHook("Invalid url given");
}

function toHook({ settings, token: _, ...row }: Hook) {
  const keysOf = (pairs: { key: string }[]) => pairs.map(({ key }) => ({ key }));
  return {
    ...row,
    ...settings,
    alert_status: "executable",
    disabled_until: null,
    custom_headers: keysOf(row.custom_headers),
    url_variables: keysOf(row.url_variables),
  };
}
