import type { Servers } from "./servers.ts";

type Body = Record<string, unknown>;

/** Values that must not be shown nor stored in clear. */
export const secretsOfWorld = {
  masked: "masked-value-1",
  protected: "protected value with blanks",
  file: "-----BEGIN KEY-----\nfile-value\n-----END KEY-----\n",
  schedule: "schedule-value-1",
  hidden: "hidden-value-1",
};

/** Values of variables that YAML 1.1 would read as something else. */
const misread = { DAY: "2024-01-01", LIMIT: "1_000" };

/** Two distributions as a team wrote it by hand, with the faults that such files have. */
export const handWrittenPipeline = `
[stages](stages):
    - compile
    - upload

compile_on_bookworm:
    image: debian:bookworm
    stage: compile
    cache: { key: $CI_COMMIT_SHA-12, paths: [build/*.deb], policy: push }
    tags: [infra]
    script:
        - apt update && apt install -y protobuf-compiler ying libyaml-cpp-dev
        - cmake -Bbuild . -DCMAKE_INSTALL_PREFIX=/opt/trunk30
        - cd build && make && make package

compile_on_trixie:
    image: debian:trixie
    stage: compile
    tags: [infra]
    script:
        - cmake -Bbuild . -DCMAKE_INSTALL_PREFIX=/opt/trunk30

upload_on_bookworm:
    image: debian:bookworm
    stage: upload
    cache: { key: $CI_COMMIT_SHA-12, paths: [build/*.deb], policy: pull }
    needs: ["compile_on_bookworm"]
    only: [master]
    script:
        - curl -X POST -F file=@\`ls build/*.deb\` http://10.11.100.8:8083/api/files/datahook_bookworm
        - curl -X POST http://10.11.100.8:8083/api/repos/infra_bookworm/file/datahook_bookworm
        - curl -X PUT http://10.11.100.8:8083/api/publish/trunk/bookworm
`;

const upload = (codename: string) => `
build:
  image: debian:${codename}@sha256:${"0".repeat(64)}
  tags: [infra]
  script:
    - dpkg-buildpackage -b
    - curl --fail-with-body -X PUT http://aptly/api/publish/trunk/${codename}
`;

/**
 * A group as a team has it after some years, made by plain calls: twelve projects of different settings,
 * and an aptly that publishes packages of theirs.
 */
export class HandMadeWorld {
  readonly #servers: Servers;
  #group = 0;

  constructor(servers: Servers) {
    this.#servers = servers;
  }

  async make(): Promise<void> {
    const { id } = await this.#call<{ id: number }>("POST", "/groups", {
      name: "Infrastructure",
      path: "infra",
      visibility: "internal",
      description: "Of the platform team",
    });
    this.#group = id;
    await this.#call("POST", `/groups/${id}/variables`, { key: "REGION", value: "eu" });
    for (const [key, value] of Object.entries(misread)) {
      await this.#call("POST", `/groups/${id}/variables`, { key, value });
    }
    await this.#call("POST", "/user/runners", {
      runner_type: "group_type",
      group_id: id,
      description: "infra",
      tag_list: ["infra"],
    });
    await this.#makePlainProjects();
    await this.#makeProtections();
    await this.#makeVariables();
    await this.#makeSchedules();
    await this.#makeAptly();
  }

  /** Each thing as the servers themselves tell it. */
  async look(): Promise<unknown> {
    const { gitlab, aptly } = this.#servers;
    const projects = await gitlab.call<{ id: number }[]>("GET", `/groups/${this.#group}/projects`);
    const parts = ["", "/variables", "/protected_branches", "/pipeline_schedules", "/hooks"];
    const repositories = ["infra_bookworm", "infra_trixie", "scratch"];
    return {
      group: await gitlab.look(`/groups/${this.#group}?with_projects=false`),
      variables: await gitlab.look(`/groups/${this.#group}/variables`),
      runners: await gitlab.look("/runners/all"),
      projects: await Promise.all(
        projects.flatMap(({ id }) => parts.map((part) => gitlab.look(`/projects/${id}${part}`))),
      ),
      history: await Promise.all(
        projects.map(({ id }) => gitlab.look(`/projects/${id}/repository/commits`)),
      ),
      repositories: await aptly.raw("GET", "/repos"),
      packages: await Promise.all(
        repositories.map((name) => aptly.raw("GET", `/repos/${name}/packages`)),
      ),
      publications: await aptly.raw("GET", "/publish"),
    };
  }

  async #makePlainProjects(): Promise<void> {
    const ying = await this.#project("ying", {
      description: "A library",
      default_branch: "master",
    });
    await this.#commit(ying, "master", { ".gitlab-ci.yml": upload("bookworm") });
    const datahook = await this.#project("datahook", { default_branch: "master", topics: ["ros"] });
    await this.#commit(datahook, "master", { ".gitlab-ci.yml": handWrittenPipeline });
    const handbook = await this.#project("handbook", {
      visibility: "internal",
      merge_method: "ff",
    });
    await this.#commit(handbook, "main", { "README.md": "How we work.\n" });
    await this.#project("nothing-yet", {});
    const attic = await this.#project("attic", {});
    await this.#commit(attic, "main", { "README.md": "Old.\n" });
    await this.#call("POST", `/projects/${attic}/archive`);
    const toolbox = await this.#project("Tool_Box", {
      name: "Tools of ours",
      squash_option: "always",
      build_git_strategy: "fetch",
      ci_config_path: "ci/pipeline.yml",
      shared_runners_enabled: true,
    });
    await this.#commit(toolbox, "main", { "README.md": "Tools.\n" });
    const ci = await this.#project("ci", { only_allow_merge_if_pipeline_succeeds: true });
    await this.#commit(ci, "main", { "README.md": "Snippets.\n" });
    const runnered = await this.#project("runnered", { remove_source_branch_after_merge: false });
    await this.#call("POST", "/user/runners", {
      runner_type: "project_type",
      project_id: runnered,
      description: "big machine",
      tag_list: ["big"],
    });
  }

  async #makeProtections(): Promise<void> {
    const libfoo = await this.#project("libfoo", {});
    await this.#commit(libfoo, "main", { "README.md": "Foo.\n" });
    await this.#call("DELETE", `/projects/${libfoo}/protected_branches/main`);
    const protect = (body: Body) =>
      this.#call("POST", `/projects/${libfoo}/protected_branches`, body);
    await protect({ name: "main", push_access_level: 0, merge_access_level: 40 });
    await protect({ name: "release/*", push_access_level: 30, allow_force_push: true });
    const open = await this.#project("unprotected", {});
    await this.#commit(open, "main", { "README.md": "Open.\n" });
    await this.#call("DELETE", `/projects/${open}/protected_branches/main`);
  }

  async #makeVariables(): Promise<void> {
    const project = await this.#project("secretive", {});
    const { masked, protected: safe, file, hidden } = secretsOfWorld;
    const variables: Body[] = [
      { key: "LEVEL", value: "debug", environment_scope: "review/*" },
      { key: "LEVEL", value: "warn", description: "Everywhere else" },
      { key: "UPLOAD_TOKEN", value: masked, masked: true, raw: true },
      { key: "PHRASE", value: safe, protected: true },
      { key: "SETTINGS", value: file, variable_type: "file" },
      { key: "NEVER_SHOWN", value: hidden, masked_and_hidden: true },
      { key: "APTLY_URL", value: "http://10.11.100.8:8083/api" },
      { key: "EMPTY", value: "" },
    ];
    for (const body of variables) await this.#call("POST", `/projects/${project}/variables`, body);
  }

  async #makeSchedules(): Promise<void> {
    const project = await this.#project("nightly", { default_branch: "master" });
    await this.#commit(project, "master", { ".gitlab-ci.yml": upload("trixie") });
    const schedules = `/projects/${project}/pipeline_schedules`;
    const { id } = await this.#call<{ id: number }>("POST", schedules, {
      description: "Nightly build",
      ref: "master",
      cron: "30 3 * * 1-5",
      cron_timezone: "Europe/Berlin",
    });
    await this.#call("POST", `${schedules}/${id}/variables`, {
      key: "BUILD_KEY",
      value: secretsOfWorld.schedule,
    });
    const weekly = { description: "Weekly", ref: "master", cron: "0 4 * * 0", active: false };
    await this.#call("POST", schedules, weekly);
  }

  async #makeAptly(): Promise<void> {
    const { aptly } = this.#servers;
    for (const name of ["infra_bookworm", "infra_trixie", "scratch"]) {
      await aptly.raw("POST", "/repos", { Name: name });
      await aptly.upload(name, `ying_1.0~${name.replace("_", ".")}_amd64.deb`);
    }
    for (const codename of ["bookworm", "trixie"]) {
      await aptly.raw("POST", "/publish/trunk", {
        SourceKind: "local",
        Sources: [{ Name: `infra_${codename}`, Component: "main" }],
        Distribution: codename,
        Architectures: ["amd64"],
        Label: "Ours",
        Signing: { Batch: true },
      });
    }
  }

  async #project(path: string, settings: Body): Promise<number> {
    const { squash_option, merge_method, build_git_strategy, ...rest } = settings;
    const { id } = await this.#call<{ id: number }>("POST", "/projects", {
      name: path,
      path,
      namespace_id: this.#group,
      ...rest,
    });
    const later = { squash_option, merge_method, build_git_strategy };
    const body = Object.fromEntries(
      Object.entries(later).filter(([, value]) => value !== undefined),
    );
    if (Object.keys(body).length > 0) await this.#call("PUT", `/projects/${id}`, body);
    return id;
  }

  async #commit(
    project: number,
    branch: string,
    files: Readonly<Record<string, string>>,
  ): Promise<void> {
    const actions = Object.entries(files).map(([file_path, content]) => ({
      action: "create",
      file_path,
      content,
    }));
    const body = { branch, commit_message: "By hand", actions };
    await this.#call("POST", `/projects/${project}/repository/commits`, body);
  }

  #call<T = unknown>(method: string, path: string, body?: Body): Promise<T> {
    return this.#servers.gitlab.call<T>(method, path, body as never);
  }
}
